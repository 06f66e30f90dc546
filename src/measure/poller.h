#pragma once

#include "measure/source.h"
#include "trace/sample.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace gradwatt {

/// Where readings go. Called on the sampler's thread; must not block for long.
struct SampleSink {
  std::function<void(SampleRow)> sample;
  std::function<void(GapRow)> gap;
  std::function<void(StateRow)> state = {};
};

/// Reads sources and says what is worth keeping: a row where a value changed, the last row before
/// a change (so that a stretch without consumption stays one), and a gap for what failed: an error,
/// a reset, a counter that stands still, a reading that took long, a suspended machine. Once a
/// second it notes the devices' states that changed. Not thread-safe.
class Poller {
 public:
  Poller(std::vector<std::unique_ptr<PowerSource>> sources, const Clock& clock, SampleSink sink);

  /// Reads every source once.
  void poll();
  /// Reads the counters that are renewed within 10 ms until each was renewed once since the last
  /// poll(), at most as long as that takes. `wait` lets that much time pass.
  void await_fast_renewal(const std::function<void(Duration)>& wait);
  /// Hands over what is still held back and closes open gaps. Nothing may follow.
  void finish();

  [[nodiscard]] std::vector<SourceColumns> columns() const;
  [[nodiscard]] std::int64_t readings() const { return readings_; }
  /// Time spent inside reads.
  [[nodiscard]] Duration reading_time() const { return reading_time_; }
  /// The longest update period among the channels.
  [[nodiscard]] Duration slowest_refresh() const;

 private:
  struct ChannelState {
    std::optional<Instant> last_good;
    std::optional<GapAccount> open_gap;
    Energy value{};             ///< The last good one,
    Instant changed;            ///< when it was new,
    Instant before_change;      ///< when the reading before that was,
    Instant previous;           ///< when the reading before the last good one was,
    bool has_moved = false;     ///< It was not the first,
    bool stands_still = false;  ///< and whether it has been so for too long.
  };
  struct SourceState {
    std::unique_ptr<PowerSource> source;
    bool has_fast_counters = false;
    std::vector<ChannelReading> readings;
    std::vector<ChannelState> channels;
    SampleRow now;                            ///< The row being read; its memory is used again.
    std::vector<std::optional<Energy>> kept;  ///< The values of the row kept last.
    std::optional<Instant> held;              ///< When they were read last, if later than kept.
    std::map<std::pair<std::string, std::string>, double> states;  ///< As noted last.
  };
  void poll(int index, SourceState& state);
  void note_suspension();
  void note_states(int index, SourceState& state, Instant now);
  void watch_progress(int index, std::size_t channel, SourceState& state, Instant time);
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
  Duration reading_time_{};
  Duration asleep_;
  Instant last_poll_;
  std::optional<Instant> states_due_;
  std::vector<DeviceState> state_buffer_;
};

}  // namespace gradwatt
