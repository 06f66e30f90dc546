#pragma once

#include "units/energy.h"
#include "units/instant.h"

#include <cstdint>
#include <variant>
#include <vector>

namespace gradwatt {

/// The same power at all times.
struct Constant {
  double watts = 0;
};
/// `high` for a share `duty` of each period, then `low`. At `phase` after time 0 a period begins.
struct Square {
  double period_s = 1;
  double duty = 0.5;
  double low_w = 0;
  double high_w = 0;
  double phase_s = 0;
};
/// From time 0 a straight line from one power to another, which then stays.
struct Ramp {
  double from_w = 0;
  double to_w = 0;
  double over_s = 1;
};
/// `high` from `begin` for `length`, otherwise `low`: a burst, or a load with an idle tail.
struct Pulse {
  double begin_s = 0;
  double length_s = 1;
  double low_w = 0;
  double high_w = 0;
};
/// One level after the other, `step` each, then again from the first.
struct Levels {
  std::vector<double> watts;
  double step_s = 1;
};

/// What a device truly draws: a power in closed form, so that the energy of any window is known
/// exactly and a measurement of it can be judged. Times count from the start of the load; before it
/// what is periodic goes on and what is not has its first value.
class Signal {
 public:
  using Shape = std::variant<Constant, Square, Ramp, Pulse, Levels>;

  explicit Signal(std::vector<Shape> sum);

  [[nodiscard]] Power power(Duration time) const;
  /// Joules consumed in [begin, end): the integral in closed form, not a sum over samples.
  /// Example: 50 W and 300 W in turn, 0.1 s each half: 175 J in each second.
  [[nodiscard]] double joules(Duration begin, Duration end) const {
    return until(end) - until(begin);
  }
  /// The antiderivative: joules consumed since time 0, negative before it.
  [[nodiscard]] double until(Duration time) const;

  /// No power of the signal lies outside these.
  [[nodiscard]] Power least() const { return least_; }
  [[nodiscard]] Power most() const { return most_; }

 private:
  struct Term {
    Shape shape;
    std::vector<double> sums;  ///< Levels: joules up to each level's begin; the last: of a round.
  };
  std::vector<Term> terms_;
  Power least_;
  Power most_;
};

/// Levels drawn evenly between `low` and `high`, the same for a seed on every machine.
[[nodiscard]] Levels random_levels(double low_w, double high_w, double step_s, std::uint64_t seed);

}  // namespace gradwatt
