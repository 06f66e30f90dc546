#pragma once

#include "measure/source.h"
#include "trace/sample.h"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace gradwatt {

/// Where readings go. Called on the sampler's thread; must not block for long.
struct SampleSink {
  std::function<void(SampleRow)> sample;
  std::function<void(GapRow)> gap;
};

/// Reads sources and says what is worth keeping: a row where a value changed, the last row before
/// a change (so that a stretch without consumption stays one), and a gap for what failed.
/// Not thread-safe.
class Poller {
 public:
  Poller(std::vector<std::unique_ptr<PowerSource>> sources, const Clock& clock, SampleSink sink);

  /// Reads every source once.
  void poll();
  /// Hands over what is still held back and closes open gaps. Nothing may follow.
  void finish();

  [[nodiscard]] std::vector<SourceColumns> columns() const;
  [[nodiscard]] std::int64_t readings() const { return readings_; }

 private:
  struct ChannelState {
    std::optional<Instant> last_good;
    std::optional<GapAccount> open_gap;
  };
  struct SourceState {
    std::unique_ptr<PowerSource> source;
    std::vector<ChannelReading> readings;
    std::vector<ChannelState> channels;
    SampleRow now;                            ///< The row being read; its memory is used again.
    std::vector<std::optional<Energy>> kept;  ///< The values of the row kept last.
    std::optional<Instant> held;              ///< When they were read last, if later than kept.
  };
  void poll(int index, SourceState& state);
  [[nodiscard]] std::optional<Energy> judge(int index,
                                            std::size_t channel,
                                            SourceState& state,
                                            Instant time);
  void keep(SourceState& state);
  void hand_over_held(SourceState& state);

  const Clock& clock_;
  SampleSink sink_;
  std::vector<SourceState> sources_;
  std::int64_t readings_ = 0;
};

}  // namespace gradwatt
