#include "measure/counter_gate.h"

namespace gradwatt {
namespace {

constexpr double kLeastRatio = 0.5;
constexpr double kMostRatio = 2;

}  // namespace

void CounterGate::note(Instant time, Energy since_first, Power power) {
  if (verdict_ != Verdict::open) {
    return;
  }
  const Reading now{time, since_first, power};
  if (!first_) {
    first_ = last_ = now;
    return;
  }
  expected_j_ += (last_.power.watts + power.watts) / 2 * seconds(time - last_.time);
  last_ = now;
  if (time - first_->time < kLasts || expected_j_ <= 0) {
    return;
  }
  const double ratio = (since_first - first_->since_first).joules() / expected_j_;
  verdict_ = ratio >= kLeastRatio && ratio <= kMostRatio ? Verdict::passed : Verdict::suspect;
}

void CounterGate::restart() {
  if (verdict_ == Verdict::open) {
    first_.reset();
    expected_j_ = 0;
  }
}

}  // namespace gradwatt
