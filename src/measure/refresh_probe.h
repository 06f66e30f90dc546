#pragma once

#include "measure/poller.h"
#include "trace/sensor_window.h"

#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// What a channel said while it was read as fast as makes sense: watts of a power sensor, joules of
/// a counter. Failed readings are left out, and of equal ones those between the first and the last.
struct ReadingTrace {
  ChannelInfo info;
  bool is_power = false;
  std::vector<SensorReading> readings;
};

/// Keeps what a poller says as traces. Each source's rows come on one thread at a time.
class TraceSink {
 public:
  /// Times count from `begin`.
  TraceSink(const std::vector<SourceColumns>& columns, Instant begin);

  [[nodiscard]] SampleSink sink();
  /// One for each channel, in the order of the columns.
  [[nodiscard]] std::vector<ReadingTrace> traces() const;

 private:
  void take(const SampleRow& row);

  Instant begin_;
  std::vector<std::vector<ReadingTrace>> sources_;
};

/// How often a channel's value is renewed.
struct RefreshFound {
  std::optional<Duration> shortest;  ///< Between two changes; the 5 % quantile, for one odd pair.
  std::optional<Duration> typical;   ///< The middle one.
  int changes = 0;
  std::string why_not;  ///< Without a result.
};

/// Finds the times between changes. Ten of them are needed; a value that stays the same across an
/// update hides it, so a sensor at rest may look slower than it is, never faster.
/// Example: a counter that changes at 0.1, 0.2, 0.3, … s has a refresh of 100 ms.
[[nodiscard]] RefreshFound find_refresh(const ReadingTrace& trace);

}  // namespace gradwatt
