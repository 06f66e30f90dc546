#pragma once

namespace gradwatt {

/// The factor that keeps small gradients of fp16 from becoming 0.
///
/// It starts at 65536, is halved when a gradient is not finite, in which case the step is left out,
/// and doubled after 2000 good steps in a row.
/// Source    Micikevicius et al., arXiv:1710.03740, section 3.2; numbers as PyTorch's GradScaler.
struct LossScale {
  double factor = 65536;
  int good_steps = 0;

  void good_step() {
    constexpr int kGrowAfter = 2000;
    if (++good_steps == kGrowAfter) {
      factor *= 2;
      good_steps = 0;
    }
  }
  void overflow() {
    factor /= 2;
    good_steps = 0;
  }
};

}  // namespace gradwatt
