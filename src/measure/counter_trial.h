#pragma once

#include "units/energy.h"
#include "units/instant.h"

#include <optional>

namespace gradwatt {

/// Decides within seconds whether an energy counter can be believed, by the power that the same
/// device tells meanwhile. Users of AMD's GPUs report counters that stand still, that fall and that
/// are wrong by a factor of a hundred (issues of ROCm/amdsmi on GitHub); Zeus gates NVIDIA's
/// counters likewise (factor 10 within 0.5 s).
///
/// The counter must never fall, must move, and must have counted between `least` and `most` times
/// the power times the time: wide limits, because the two look at different times. A device that
/// does not tell its power is judged by movement alone.
/// Example: 0.5 s at 100 W: 25 J to 100 J pass, 0 J and 5000 J do not.
class CounterTrial {
 public:
  enum class Verdict { passed, unreadable, stands_still, fell, wrong_rate };
  struct Ratio {
    double least = 0.5;
    double most = 2;
  };

  /// What was read at about the same time; absent: it could not be read.
  void note(Instant time, std::optional<Energy> counter, std::optional<Power> power);

  [[nodiscard]] Verdict verdict(const Ratio& ratio) const;
  /// Since the first counter's value.
  [[nodiscard]] Duration length() const { return first_ ? last_->time - first_->time : Duration{}; }
  /// Counted energy per power times time; absent: the power is not known or 0.
  [[nodiscard]] std::optional<double> ratio() const;
  /// The mean power; absent: it was not told at the beginning and later.
  [[nodiscard]] std::optional<Power> mean_power() const;

 private:
  struct Reading {
    Instant time;
    Energy energy;
  };
  std::optional<Reading> first_;
  std::optional<Reading> last_;
  bool fell_ = false;
  bool failed_ = false;
  std::optional<Instant> power_since_;
  Instant power_at_;
  Power power_;
  double power_joules_ = 0;
};

}  // namespace gradwatt
