#pragma once

#include "trace/cumulative.h"
#include "trace/run_account.h"

#include <span>

namespace gradwatt {

/// The energy of one channel in a window with its interval and what the interval is made of.
struct BoundedWindow {
  BoundedEnergy energy;
  EnergyTerms terms;
};

/// The formulas of docs/measurement.md, "The interval of an energy", in their order: the edges and
/// the unsteadiness between readings, the stretches lost, the share of time the sensor is blind,
/// and the gain. `series` must be able to integrate.
[[nodiscard]] BoundedWindow bounded_window(const ChannelInfo& info,
                                           const CumulativeSeries& series,
                                           std::span<const GapAccount> gaps,
                                           Instant begin,
                                           Instant end);

/// The share of its time in which a sensor looks; 1 for counters and where it is not known.
/// Example: a mean over 25 ms renewed every 100 ms looks a quarter of the time.
[[nodiscard]] double observed_share(const ChannelInfo& info);

[[nodiscard]] inline Duration overlap(const GapAccount& gap, Instant begin, Instant end) {
  const Instant from = std::max(begin, gap.begin);
  const Instant to = std::min(end, gap.end);
  return from < to ? to - from : Duration{};
}

}  // namespace gradwatt
