#include "record/account.h"

#include "base/error.h"
#include "marks/timeline.h"
#include "trace/energy_book.h"

#include <algorithm>
#include <iterator>
#include <map>

namespace gradwatt {
namespace {

/// Half as long as a channel's readings took, where the monitor noted that one took long: by the
/// middle of the reading.
std::map<Instant, Duration> slack_of(const NodeRecord& record,
                                     std::size_t source,
                                     const std::string& channel) {
  std::map<Instant, Duration> slack;
  for (const GapRow& row : record.gaps) {
    const GapAccount& gap = row.gap;
    if (row.source == static_cast<int>(source) && gap.channel == channel &&
        gap.reason == kSlowReading) {
      slack[gap.begin] = (gap.end - gap.begin) / 2;
    }
  }
  return slack;
}

Duration slack_at(const std::map<Instant, Duration>& slack, Instant time) {
  const auto behind = slack.upper_bound(time);
  if (behind == slack.begin()) {
    return {};
  }
  const auto& [begin, half] = *std::prev(behind);
  return time <= begin + 2 * half ? half : Duration{};
}

/// Channel `position` of a source with its readings and gaps.
void add_channel(EnergyBook& book,
                 const NodeRecord& record,
                 std::size_t source,
                 std::size_t position) {
  const ChannelInfo& info = record.sources[source].channels[position];
  CumulativeSeries series(sensor_model(info));
  const auto slack = slack_of(record, source, info.channel);
  for (const SampleRow& row : record.samples) {
    if (row.source == static_cast<int>(source) && row.channels[position]) {
      const auto shown = position < row.powers.size() ? row.powers[position] : std::nullopt;
      series.add(row.time, *row.channels[position], slack_at(slack, row.time), shown);
    }
  }
  const std::size_t index = book.add(info, std::move(series));
  for (const GapRow& row : record.gaps) {
    if (row.source == static_cast<int>(source) && row.gap.channel == info.channel) {
      book.add_gap(index, row.gap);
    }
  }
}

/// What the device of a source's channel told of its power beside its energy.
std::vector<StateRow> powers_of(const NodeRecord& record,
                                std::size_t source,
                                const ChannelInfo& info) {
  std::vector<StateRow> powers;
  for (const StateRow& row : record.states) {
    if (row.source == static_cast<int>(source) && row.name == kPowerState &&
        (row.device == info.channel || row.device == info.device)) {
      powers.push_back(row);
    }
  }
  return powers;
}

EnergyBook book_of(const NodeRecord& record) {
  EnergyBook book;
  for (std::size_t s = 0; s < record.sources.size(); ++s) {
    for (std::size_t c = 0; c < record.sources[s].channels.size(); ++c) {
      add_channel(book, record, s, c);
    }
  }
  return book;
}

void add_bounds(std::optional<BoundedEnergy>& sum, const std::optional<BoundedEnergy>& part) {
  if (!part) {
    return;
  }
  sum = sum.value_or(BoundedEnergy{});
  sum->energy += part->energy;
  sum->lo += part->lo;
  sum->hi += part->hi;
  sum->random_lo += part->random_lo;
  sum->random_hi += part->random_hi;
}

/// The phases inside [begin, end), summed by name in order of their first appearance.
std::vector<PhaseAccount> phases_in(const Timeline& timeline,
                                    const EnergyBook& book,
                                    Instant begin,
                                    Instant end) {
  std::vector<PhaseAccount> phases;
  std::map<std::string, std::vector<Instant>> starts;
  for (const MarkedPhaseSpan& span : timeline.phases) {
    const Instant from = std::max(begin, span.begin);
    const Instant to = std::min(end, span.end);
    if (from >= to) {
      continue;
    }
    auto found = std::find_if(
        phases.begin(), phases.end(), [&](const auto& phase) { return phase.name == span.name; });
    if (found == phases.end()) {
      phases.emplace_back();
      found = phases.end() - 1;
      found->name = span.name;
    }
    if (const auto energy = book.energy(from, to)) {
      found->energy = found->energy.value_or(Energy{}) + *energy;
    }
    add_bounds(found->bounds, book.bounded(from, to));
    found->duration += to - from;
    found->count += 1;
    starts[found->name].push_back(from);
  }
  for (PhaseAccount& phase : phases) {
    const auto& begins = starts[phase.name];
    std::optional<Duration> period;
    if (begins.size() >= 3) {
      period = (begins.back() - begins.front()) / static_cast<std::int64_t>(begins.size() - 1);
    }
    phase.not_observable = book.blindness(phase.duration / phase.count, period);
  }
  return phases;
}

EpochAccount epoch_of(const MarkedEpoch& marked, const Timeline& timeline, const EnergyBook& book) {
  EpochAccount epoch;
  epoch.epoch = marked.epoch;
  epoch.begin = marked.begin;
  epoch.end = marked.end;
  epoch.energy = book.bounded(marked.begin, marked.end);
  epoch.energy_eq1 = book.equation_1(marked.begin, marked.end);
  epoch.coverage = book.coverage(marked.begin, marked.end);
  epoch.samples = marked.samples;
  epoch.steps = marked.steps;
  epoch.metrics = marked.metrics;
  epoch.phases = phases_in(timeline, book, marked.begin, marked.end);
  epoch.complete = marked.complete;
  return epoch;
}

/// What lies between the epochs: before the first, in the pauses, behind the last.
void account_outside(RunAccount& account, const Timeline& timeline, const EnergyBook& book) {
  std::vector<PhaseAccount>& phases = account.outside_phases;
  Instant from = account.begin;
  const auto add = [&](Instant to) {
    if (const auto energy = book.energy(from, to)) {
      account.outside_epochs = account.outside_epochs.value_or(Energy{}) + *energy;
    }
    account.outside_duration += to - from;
    for (PhaseAccount& phase : phases_in(timeline, book, from, to)) {
      auto found = std::find_if(
          phases.begin(), phases.end(), [&](const auto& p) { return p.name == phase.name; });
      if (found == phases.end()) {
        phases.push_back(std::move(phase));
        continue;
      }
      if (phase.energy) {
        found->energy = found->energy.value_or(Energy{}) + *phase.energy;
      }
      add_bounds(found->bounds, phase.bounds);
      found->duration += phase.duration;
      found->count += phase.count;
    }
  };
  for (const EpochAccount& epoch : account.epochs) {
    add(epoch.begin);
    from = epoch.end;
  }
  add(account.end);
}

}  // namespace

RunAccount account_of(const NodeRecord& record) {
  const EnergyBook book = book_of(record);
  const Timeline timeline = timeline_of(record.marks, record.begin, record.end);
  RunAccount account;
  account.begin = record.begin;
  account.end = record.end;
  account.kind = book.kind();
  account.total = book.bounded(record.begin, record.end);
  std::size_t index = 0;
  for (std::size_t s = 0; s < record.sources.size(); ++s) {
    for (const ChannelInfo& info : record.sources[s].channels) {
      account.channels.push_back(book.channel(index, record.begin, record.end));
      book.check(
          account.channels.back(), index, powers_of(record, s, info), record.begin, record.end);
      ++index;
    }
  }
  for (const MarkedEpoch& marked : timeline.epochs) {
    account.epochs.push_back(epoch_of(marked, timeline, book));
  }
  account_outside(account, timeline, book);
  account.epochs_total = timeline.epochs_total;
  account.metrics = timeline.metrics;
  account.params = timeline.params;
  account.tags = timeline.tags;
  account.notes = timeline.notes;
  account.monitor = record.monitor;
  account.monitor.marks_unmatched = timeline.unmatched;
  account.monitor.marks_unknown = timeline.unknown;
  for (const GapRow& row : record.gaps) {
    account.gaps.push_back(row.gap);
  }
  return account;
}

RunAccount account_of(const std::filesystem::path& folder) {
  const auto records = read_node_files(folder);
  if (records.size() != 1) {
    throw Error("expected one node file, found " + std::to_string(records.size()), folder.string());
  }
  return account_of(records.front());
}

}  // namespace gradwatt
