#include "measure/sampling_schedule.h"

#include "trace/renewal.h"

#include <algorithm>

namespace gradwatt {
namespace {

constexpr double kExtraPerSecond = 20;
constexpr double kExtraAtOnce = 40;
constexpr double kAwaitingPerSecond = 2;
constexpr double kAwaitingAtOnce = 10;
constexpr int kStepsPerRenewal = 8;

}  // namespace

bool SamplingSchedule::Allowance::take(Instant now) {
  left = std::min(at_once, left + per_second * seconds(now - since));
  since = now;
  if (left < 1) {
    return false;
  }
  left -= 1;
  return true;
}

SamplingSchedule::SamplingSchedule(Instant begin, Duration interval, Duration slowest_refresh)
    : interval_(interval),
      grid_(begin + interval),
      mark_(begin),
      extra_{kExtraPerSecond, kExtraAtOnce, begin},
      awaiting_{kAwaitingPerSecond, kAwaitingAtOnce, begin} {
  // Steps no shorter than the grid's tell nothing that the grid does not.
  if (slowest_refresh >= kSlowRefresh && slowest_refresh / kStepsPerRenewal < interval) {
    burst_step_ = slowest_refresh / kStepsPerRenewal;
  }
}

void SamplingSchedule::mark(Instant now) { mark_ = now; }

Instant SamplingSchedule::next() const {
  return std::min({grid_, mark_.value_or(grid_), burst_.value_or(grid_)});
}

SamplingSchedule::Due SamplingSchedule::due(Instant now) {
  Due due = Due::nothing;
  if (burst_ && now >= *burst_) {
    due = extra_.take(now) ? Due::reading : Due::nothing;
    const bool goes_on = due == Due::reading && --burst_left_ > 0;
    burst_ = goes_on ? std::optional(now + burst_step_) : std::nullopt;
  }
  if (mark_ && now >= *mark_) {
    mark_.reset();
    if (extra_.take(now)) {
      due = awaiting_.take(now) ? Due::reading_at_mark : Due::reading;
      if (burst_step_ > Duration{}) {
        burst_ = now + burst_step_;
        burst_left_ = kStepsPerRenewal + 1;
      }
    }
  }
  if (now >= grid_) {
    const auto passed = (now - grid_) / interval_;
    late_ += passed;
    grid_ = grid_ + (passed + 1) * interval_;
    due = std::max(due, Due::reading);
  }
  return due;
}

}  // namespace gradwatt
