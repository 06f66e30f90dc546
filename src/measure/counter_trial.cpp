#include "measure/counter_trial.h"

namespace gradwatt {

void CounterTrial::note(Instant time, std::optional<Energy> counter, std::optional<Power> power) {
  if (power) {
    if (power_since_) {
      power_joules_ += (power_.watts + power->watts) / 2 * seconds(time - power_at_);
    } else {
      power_since_ = time;
    }
    power_at_ = time;
    power_ = *power;
  }
  if (!counter) {
    failed_ = true;
    return;
  }
  fell_ = fell_ || (last_ && *counter < last_->energy);
  last_ = {time, *counter};
  if (!first_) {
    first_ = last_;
  }
}

CounterTrial::Verdict CounterTrial::verdict(const Ratio& ratio) const {
  if (!first_ || failed_) {
    return Verdict::unreadable;
  }
  if (fell_) {
    return Verdict::fell;
  }
  if (last_->energy == first_->energy) {
    return Verdict::stands_still;
  }
  if (!mean_power()) {
    return Verdict::passed;
  }
  const auto found = this->ratio();
  return found && *found >= ratio.least && *found <= ratio.most ? Verdict::passed
                                                                : Verdict::wrong_rate;
}

std::optional<double> CounterTrial::ratio() const {
  const auto power = mean_power();
  if (!first_ || !power || power->watts <= 0 || last_->time <= first_->time) {
    return std::nullopt;
  }
  const double s = seconds(last_->time - first_->time);
  return (last_->energy - first_->energy).joules() / (power->watts * s);
}

std::optional<Power> CounterTrial::mean_power() const {
  if (!power_since_ || power_at_ <= *power_since_) {
    return std::nullopt;
  }
  return Power{power_joules_ / seconds(power_at_ - *power_since_)};
}

}  // namespace gradwatt
