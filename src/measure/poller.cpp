#include "measure/poller.h"

#include <algorithm>
#include <utility>

namespace gradwatt {

Poller::Poller(std::vector<std::unique_ptr<PowerSource>> sources,
               const Clock& clock,
               SampleSink sink)
    : clock_(clock), sink_(std::move(sink)) {
  for (auto& source : sources) {
    const std::size_t count = source->channels().size();
    sources_.push_back({std::move(source),
                        std::vector<ChannelReading>(count),
                        std::vector<ChannelState>(count),
                        {static_cast<int>(sources_.size()), {}, {}},
                        std::vector<std::optional<Energy>>(count),
                        std::nullopt});
    sources_.back().now.channels.resize(count);
  }
}

void Poller::poll() {
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    poll(static_cast<int>(i), sources_[i]);
  }
}

void Poller::poll(int index, SourceState& state) {
  const Instant before = clock_.now();
  state.source->read(state.readings);
  const Instant after = clock_.now();
  ++readings_;
  state.now.time = before + (after - before) / 2;
  for (std::size_t c = 0; c < state.readings.size(); ++c) {
    state.now.channels[c] = judge(index, c, state, state.now.time);
  }
  keep(state);
}

std::optional<Energy> Poller::judge(int index,
                                    std::size_t channel,
                                    SourceState& state,
                                    Instant time) {
  ChannelState& known = state.channels[channel];
  const std::string& name = state.source->channels()[channel].channel;
  const ChannelReading& reading = state.readings[channel];
  if (const auto* failure = std::get_if<ReadFailure>(&reading)) {
    if (!known.open_gap) {
      known.open_gap = GapAccount{
          name, known.last_good.value_or(time), time, failure->reason, failure->errno_value, true};
    }
    return std::nullopt;
  }
  const auto* uncertain = std::get_if<Uncertain>(&reading);
  if (known.open_gap) {
    // The counter went on counting: only the resolution suffered, if there was a value before.
    known.open_gap->end = time;
    known.open_gap->energy_lost = !known.last_good;
    sink_.gap({index, *std::exchange(known.open_gap, std::nullopt)});
  }
  if (uncertain != nullptr) {
    sink_.gap({index, {name, known.last_good.value_or(time), time, uncertain->reason, 0, true}});
  }
  known.last_good = time;
  return uncertain != nullptr ? uncertain->since_first : std::get<Energy>(reading);
}

void Poller::keep(SourceState& state) {
  const auto& values = state.now.channels;
  const bool empty = std::none_of(
      values.begin(), values.end(), [](const auto& value) { return value.has_value(); });
  if (empty) {
    return;  // The gap says it all.
  }
  if (values == state.kept) {
    state.held = state.now.time;
    return;
  }
  hand_over_held(state);
  state.kept = values;
  sink_.sample(state.now);
}

void Poller::hand_over_held(SourceState& state) {
  if (state.held) {
    sink_.sample({state.now.source, *std::exchange(state.held, std::nullopt), state.kept});
  }
}

void Poller::finish() {
  const Instant now = clock_.now();
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    SourceState& state = sources_[i];
    hand_over_held(state);
    for (ChannelState& channel : state.channels) {
      if (channel.open_gap) {
        channel.open_gap->end = now;
        sink_.gap({static_cast<int>(i), *std::exchange(channel.open_gap, std::nullopt)});
      }
    }
  }
}

std::vector<SourceColumns> Poller::columns() const {
  std::vector<SourceColumns> columns;
  for (const SourceState& state : sources_) {
    const auto& channels = state.source->channels();
    columns.push_back({channels.empty() ? "" : channels.front().source, channels});
  }
  return columns;
}

}  // namespace gradwatt
