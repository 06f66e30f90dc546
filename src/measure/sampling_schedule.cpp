#include "measure/sampling_schedule.h"

#include "trace/renewal.h"

#include <algorithm>

namespace gradwatt {
namespace {

constexpr double kExtraPerSecond = 20;
constexpr double kExtraBurst = 40;

}  // namespace

void SamplingSchedule::Burst::start(Instant now) {
  if (step > Duration{}) {
    next = now + step;
    left = kStepsPerRenewal + 1;
  }
}

bool SamplingSchedule::Burst::due(Instant now) {
  if (!next || now < *next) {
    return false;
  }
  next = --left > 0 ? std::optional(now + step) : std::nullopt;
  return true;
}

SamplingSchedule::SamplingSchedule(Instant begin, Duration interval, const RenewalPeriods& periods)
    : interval_(interval), grid_(begin + interval), budget_(kExtraBurst), budget_at_(begin) {
  fast_.step = periods.fast_counter / kStepsPerRenewal;
  const Duration slow_step = periods.slowest / kStepsPerRenewal;
  // Steps no shorter than the grid's tell nothing that the grid does not.
  slow_.step = periods.slowest >= kSlowRefresh && slow_step < interval ? slow_step : Duration{};
  fast_.start(begin);
  slow_.start(begin);
}

void SamplingSchedule::mark(Instant now) { marked_ = now; }

Instant SamplingSchedule::next() const {
  Instant next = grid_;
  for (const std::optional<Instant>& extra : {marked_, fast_.next, slow_.next}) {
    next = std::min(next, extra.value_or(next));
  }
  return next;
}

bool SamplingSchedule::take_extra(Instant now) {
  budget_ = std::min(kExtraBurst, budget_ + kExtraPerSecond * seconds(now - budget_at_));
  budget_at_ = now;
  if (budget_ < 1) {
    return false;
  }
  budget_ -= 1;
  return true;
}

SamplingSchedule::Due SamplingSchedule::due(Instant now) {
  Due due = fast_.due(now) ? Due::fast_counters : Due::nothing;
  if (marked_ && now >= *marked_) {
    marked_.reset();
    if (take_extra(now)) {
      fast_.start(now);
      slow_.start(now);
      due = Due::all;
    }
  }
  if (slow_.due(now)) {
    if (take_extra(now)) {
      due = Due::all;
    } else {
      slow_.next.reset();
    }
  }
  if (now >= grid_) {
    const auto passed = (now - grid_) / interval_;
    late_ += passed;
    grid_ = grid_ + (passed + 1) * interval_;
    due = Due::all;
  }
  return due;
}

}  // namespace gradwatt
