#include "measure/sampling_schedule.h"

#include <algorithm>

namespace gradwatt {
namespace {

constexpr double kExtraPerSecond = 20;
constexpr double kExtraBurst = 40;
/// Counters renewed faster than this are read freshly enough by the reading at the mark itself.
constexpr Duration kSlow = std::chrono::milliseconds(10);
constexpr int kStepsPerRefresh = 8;

}  // namespace

SamplingSchedule::SamplingSchedule(Instant begin, Duration interval, Duration slowest_refresh)
    : interval_(interval),
      burst_step_(slowest_refresh / kStepsPerRefresh),
      burst_length_(slowest_refresh >= kSlow ? kStepsPerRefresh + 1 : 0),
      grid_(begin + interval),
      budget_(kExtraBurst),
      budget_at_(begin) {
  if (burst_length_ > 0) {
    extra_ = begin + burst_step_;
    burst_left_ = burst_length_;
  }
}

void SamplingSchedule::mark(Instant now) {
  extra_ = now;
  burst_left_ = burst_length_;
}

Instant SamplingSchedule::next() const { return extra_ ? std::min(grid_, *extra_) : grid_; }

bool SamplingSchedule::take_extra(Instant now) {
  budget_ = std::min(kExtraBurst, budget_ + kExtraPerSecond * seconds(now - budget_at_));
  budget_at_ = now;
  if (budget_ < 1) {
    return false;
  }
  budget_ -= 1;
  return true;
}

bool SamplingSchedule::due(Instant now) {
  bool read = false;
  if (extra_ && now >= *extra_) {
    read = take_extra(now);
    extra_.reset();
    if (read && burst_left_ > 0) {
      --burst_left_;
      extra_ = now + burst_step_;
    }
  }
  if (now >= grid_) {
    const auto passed = (now - grid_) / interval_;
    late_ += passed;
    grid_ = grid_ + (passed + 1) * interval_;
    read = true;
  }
  return read;
}

}  // namespace gradwatt
