#include "fake_board.h"

#include <algorithm>
#include <cmath>

namespace gradwatt::fake_nvml {
namespace {

/// The last multiple of `period` behind `phase` that is not later than `now`.
double last_update(double now_s, double period_s, double phase_s) {
  return phase_s + std::floor((now_s - phase_s) / period_s) * period_s;
}

}  // namespace

const Fault* Board::fault(Fault::Kind kind, double now_s) const {
  const auto found = std::find_if(faults.begin(), faults.end(), [&](const Fault& fault) {
    return fault.kind == kind && now_s >= fault.from_s && now_s < fault.to_s;
  });
  return found == faults.end() ? nullptr : &*found;
}

/// The time whose values the sensors show: that of now, unless they are frozen.
double Board::seen(double now_s) const {
  const Fault* freeze = fault(Fault::Kind::freeze, now_s);
  return freeze == nullptr ? now_s : freeze->from_s;
}

/// What the counter adds between two times, with the rate that it has at the end.
double Board::counted_j(double from_s, double to_s, const Signal& truth) const {
  double joules = gain * truth.joules(from_seconds(from_s), from_seconds(to_s));
  for (const Fault& wrong : faults) {
    if (wrong.kind == Fault::Kind::scale) {
      const double begin = std::max(from_s, wrong.from_s);
      const double end = std::min(to_s, wrong.to_s);
      if (end > begin) {
        joules += (wrong.by - 1) * gain * truth.joules(from_seconds(begin), from_seconds(end));
      }
    }
  }
  return joules;
}

std::int64_t Board::energy_mj(double now_s, bool of_module) const {
  if (fault(Fault::Kind::glitch, now_s) != nullptr) {
    return 0;
  }
  const Signal& truth = of_module ? *module : power;
  const double time = last_update(seen(now_s), counter_period_s, counter_phase_s);
  double since = 0;
  double joules = counter_start_j;
  for (const Fault& reset : faults) {
    if (reset.kind == Fault::Kind::reset && reset.from_s <= time) {
      since = reset.from_s;
      joules = 0;
    }
  }
  joules += counted_j(since, time, truth);
  return static_cast<std::int64_t>(std::floor(joules * 1000 / quantum_mj) * quantum_mj);
}

std::int64_t Board::mean_mw(double now_s, double window, const Signal& truth) const {
  if (const Fault* odd = fault(Fault::Kind::power, now_s)) {
    return std::llround(odd->by * 1000);
  }
  const double end = last_update(seen(now_s), update_s, phase_s);
  const double joules = truth.joules(from_seconds(end - window), from_seconds(end));
  return std::llround(gain * joules / window * 1000);
}

std::int64_t Board::instant_mw(double now_s, bool of_module) const {
  return mean_mw(now_s, window_s, of_module ? *module : power);
}

std::int64_t Board::average_mw(double now_s, const Signal& truth) const {
  return mean_mw(now_s, 1, truth);
}

}  // namespace gradwatt::fake_nvml
