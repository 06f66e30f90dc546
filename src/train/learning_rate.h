#pragma once

namespace gradwatt {

enum class Schedule { constant, cosine, step };

/// The learning rate as a pure function of the training's position, so that nothing needs saving.
struct LearningRate {
  Schedule schedule = Schedule::constant;
  double base = 0.001;
  double warmup_epochs = 0;  ///< The rate first rises in a line from 0 to base.
  double step_epochs = 10;   ///< For `step`: the rate is multiplied this often ...
  double step_factor = 0.1;  ///< ... by this.

  /// The rate at `epoch` epochs since the start (2.5: the middle of the third) of `max_epochs`.
  ///
  ///   warm-up   base * e / w                               for e < w
  ///   cosine    base * (1 + cos(pi * (e - w) / (E - w))) / 2
  ///   step      base * step_factor^floor(e / step_epochs)
  ///
  /// Source    warm-up: Goyal et al., arXiv:1706.02677; cosine: Loshchilov and Hutter,
  ///           arXiv:1608.03983, without restarts.
  /// Example   cosine with base 0.1 over 10 epochs: 0.1 at 0, 0.05 at 5, 0 at 10.
  [[nodiscard]] double at(double epoch, double max_epochs) const;
};

}  // namespace gradwatt
