#include "measure/poller.h"

#include "trace/renewal.h"

#include <algorithm>
#include <utility>

namespace gradwatt {
namespace {

/// A jump of the suspended time smaller than this is the clocks being read one after the other.
constexpr Duration kSuspended = std::chrono::seconds(1);
/// How finely the renewal of a fast counter is looked for.
constexpr int kStepsPerFastRenewal = 128;
constexpr Duration kStatesEvery = std::chrono::seconds(1);
/// A read that takes longer leaves open when its value was true.
Duration slow_read(const ChannelInfo& info) {
  return std::max<Duration>(info.refresh / 8, std::chrono::milliseconds(2));
}

/// How long a counter may stay the same before that is worth telling.
Duration patience_with(const ChannelInfo& info) {
  return std::max<Duration>(10 * info.refresh, std::chrono::seconds(2));
}

bool is_fast_counter(const ChannelInfo& info) {
  return info.method == "counter" && info.refresh >= kFastRefresh && info.refresh < kSlowRefresh;
}

/// Whether a power sensor was not read for much longer than before: what it drew meanwhile nobody
/// knows. A counter tells it later.
bool comes_late(const ChannelInfo& info, Duration usual, Duration now) {
  const Duration noticeable =
      std::max<Duration>(info.refresh + info.refresh / 5, std::chrono::seconds(1));
  return info.method == "power" && now > noticeable && now > 3 * usual;
}

Energy most_of(const ChannelInfo& info, Duration time) {
  return info.power_max ? *info.power_max * time : Energy{};
}

}  // namespace

Poller::Poller(std::vector<std::unique_ptr<PowerSource>> sources,
               const Clock& clock,
               SampleSink sink)
    : clock_(clock), sink_(std::move(sink)), asleep_(clock.asleep()), last_poll_(clock.now()) {
  for (auto& source : sources) {
    const auto& channels = source->channels();
    SourceState state{std::move(source), false, {}, {}, {}, {}, {}, {}};
    state.has_fast_counters = std::any_of(channels.begin(), channels.end(), is_fast_counter);
    state.readings.resize(channels.size());
    state.channels.resize(channels.size());
    state.kept.resize(channels.size());
    state.now.source = static_cast<int>(sources_.size());
    state.now.channels.resize(channels.size());
    const bool has_power_sensors = std::any_of(
        channels.begin(), channels.end(), [](const auto& info) { return info.method == "power"; });
    state.now.powers.resize(has_power_sensors ? channels.size() : 0);
    sources_.push_back(std::move(state));
  }
}

Duration Poller::slowest_refresh() const {
  Duration slowest{};
  for (const SourceState& state : sources_) {
    for (const ChannelInfo& info : state.source->channels()) {
      slowest = std::max(slowest, info.refresh);
    }
  }
  return slowest;
}

void Poller::poll() {
  note_suspension();
  const bool with_states = sink_.state && clock_.now() >= states_due_.value_or(Instant{});
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    poll(static_cast<int>(i), sources_[i]);
    if (with_states) {
      note_states(static_cast<int>(i), sources_[i], clock_.now());
    }
  }
  last_poll_ = clock_.now();
  if (with_states) {
    states_due_ = last_poll_ + kStatesEvery;
  }
}

void Poller::await_fast_renewal(const std::function<void(Duration)>& wait) {
  Duration slowest{};
  for (const SourceState& state : sources_) {
    for (const ChannelInfo& info : state.source->channels()) {
      slowest = std::max(slowest, is_fast_counter(info) ? info.refresh : Duration{});
    }
  }
  const auto was_renewed = [&](const SourceState& state) {
    for (std::size_t c = 0; c < state.channels.size(); ++c) {
      if (is_fast_counter(state.source->channels()[c]) && state.channels[c].changed <= last_poll_) {
        return false;
      }
    }
    return true;
  };
  const Instant latest = clock_.now() + longest_renewal(slowest);
  while (clock_.now() < latest && !std::all_of(sources_.begin(), sources_.end(), was_renewed)) {
    wait(slowest / kStepsPerFastRenewal);
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      if (sources_[i].has_fast_counters) {
        poll(static_cast<int>(i), sources_[i]);
      }
    }
  }
}

void Poller::note_suspension() {
  const Duration asleep = clock_.asleep();
  if (asleep - std::exchange(asleep_, asleep) < kSuspended) {
    return;
  }
  const Instant now = clock_.now();
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    sources_[i].source->forget_last();
    for (const ChannelInfo& info : sources_[i].source->channels()) {
      // What was consumed since the counter's last renewal was never shown.
      const Instant begin = last_poll_ - longest_renewal(info.refresh);
      GapAccount gap{info.channel, begin, now, "the machine was suspended", 0, true};
      gap.most = most_of(info, now - begin);
      sink_.gap({static_cast<int>(i), gap});
    }
  }
}

void Poller::note_states(int index, SourceState& state, Instant now) {
  state_buffer_.clear();
  state.source->read_states(state_buffer_);
  for (DeviceState& fact : state_buffer_) {
    auto [known, is_new] = state.states.try_emplace({fact.device, fact.name}, fact.value);
    if (is_new || known->second != fact.value) {
      known->second = fact.value;
      sink_.state({index, now, std::move(fact.device), std::move(fact.name), fact.value});
    }
  }
}

void Poller::poll(int index, SourceState& state) {
  const Instant before = clock_.now();
  state.source->read(state.readings);
  const Instant after = clock_.now();
  ++readings_;
  reading_time_ += after - before;
  state.now.time = before + (after - before) / 2;
  for (std::size_t c = 0; c < state.readings.size(); ++c) {
    state.now.channels[c] = judge(index, c, state, state.now.time);
    const ChannelInfo& info = state.source->channels()[c];
    if (after - before > slow_read(info) && state.now.channels[c]) {
      sink_.gap({index, {info.channel, before, after, kSlowReading}});
    }
  }
  keep(state);
}

std::optional<Energy> Poller::judge(int index,
                                    std::size_t channel,
                                    SourceState& state,
                                    Instant time) {
  ChannelState& known = state.channels[channel];
  const ChannelInfo& info = state.source->channels()[channel];
  const ChannelReading& reading = state.readings[channel];
  if (!state.now.powers.empty()) {
    const auto* powered = std::get_if<Powered>(&reading);
    state.now.powers[channel] = powered != nullptr ? std::optional(powered->power) : std::nullopt;
  }
  if (std::holds_alternative<NotRenewed>(reading)) {
    return std::nullopt;
  }
  if (const auto* failure = std::get_if<ReadFailure>(&reading)) {
    if (!known.open_gap) {
      known.open_gap = GapAccount{info.channel,
                                  known.last_good.value_or(time),
                                  time,
                                  failure->reason,
                                  failure->errno_value,
                                  true};
    }
    return std::nullopt;
  }
  const auto* uncertain = std::get_if<Uncertain>(&reading);
  if (known.open_gap) {
    GapAccount gap = *std::exchange(known.open_gap, std::nullopt);
    gap.end = time;
    // A counter went on counting: only the resolution suffered, if there was a value before.
    gap.energy_lost = !known.last_good || info.method != "counter";
    if (uncertain == nullptr) {
      sink_.gap({index, gap});
    }
  }
  if (uncertain != nullptr) {
    // What it showed last was true at its renewal: from then on nothing is sure.
    const Duration oldest = info.method == "counter" ? longest_renewal(info.refresh) : Duration{};
    GapAccount gap{
        info.channel, known.last_good.value_or(time) - oldest, time, uncertain->reason, 0, true};
    gap.least = uncertain->least;
    gap.assumed = uncertain->assumed;
    gap.most = uncertain->most;
    sink_.gap({index, gap});
    known.changed = time;
    known.before_change = known.last_good.value_or(time);
  }
  const Energy before = known.value;
  const Instant last = known.last_good.value_or(time);
  const bool came_late = comes_late(info, last - known.previous, time - last);
  known.previous = last;
  known.last_good = time;
  watch_progress(index, channel, state, time);
  if (came_late) {
    GapAccount gap{info.channel, last, time, "not read in time", 0, true};
    gap.assumed = known.value - before;
    gap.most = std::max(gap.assumed, most_of(info, time - last));
    sink_.gap({index, gap});
  }
  return known.value;
}

/// Takes over a good reading's value and tells a counter that has stood still.
void Poller::watch_progress(int index, std::size_t channel, SourceState& state, Instant time) {
  ChannelState& known = state.channels[channel];
  const ChannelInfo& info = state.source->channels()[channel];
  const ChannelReading& reading = state.readings[channel];
  const Energy value = std::visit(
      [](const auto& good) {
        if constexpr (requires { good.since_first; }) {
          return good.since_first;
        } else if constexpr (requires { good.microjoules; }) {
          return good;
        } else {
          return Energy{};
        }
      },
      reading);
  if (value != known.value || known.changed == Instant{}) {
    if (known.stands_still) {
      GapAccount gap{info.channel, known.before_change, time, kStoodStill, 0, true};
      gap.assumed = value - known.value;
      // One that stood still from the first reading on may have done so long before.
      gap.least = known.has_moved ? gap.assumed : Energy{};
      gap.most = std::max(gap.assumed, most_of(info, time - known.before_change));
      sink_.gap({index, gap});
    }
    known.has_moved = known.changed != Instant{};
    known.value = value;
    known.changed = time;
    known.before_change = known.previous;
    known.stands_still = false;
  } else if (info.method == "counter" && time - known.changed > patience_with(info)) {
    known.stands_still = true;
  }
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
    sink_.sample({state.now.source, *std::exchange(state.held, std::nullopt), state.kept, {}});
  }
}

void Poller::finish() {
  const Instant now = clock_.now();
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    SourceState& state = sources_[i];
    hand_over_held(state);
    for (std::size_t c = 0; c < state.channels.size(); ++c) {
      ChannelState& known = state.channels[c];
      const ChannelInfo& info = state.source->channels()[c];
      if (known.open_gap) {
        known.open_gap->end = now;
        sink_.gap({static_cast<int>(i), *std::exchange(known.open_gap, std::nullopt)});
      } else if (known.stands_still) {
        GapAccount gap{info.channel, known.before_change, now, kStandsStill, 0, true};
        gap.most = most_of(info, now - known.before_change);
        sink_.gap({static_cast<int>(i), gap});
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
