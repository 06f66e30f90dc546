#include "record/timeline_account.h"

#include <algorithm>
#include <map>

namespace gradwatt {
namespace {

void add_bounds(std::optional<BoundedEnergy>& sum, const std::optional<BoundedEnergy>& part) {
  if (part) {
    sum = sum.value_or(BoundedEnergy{});
    add_to(*sum, *part);
  }
}

/// The phases inside [begin, end), summed by name in order of their first appearance.
std::vector<PhaseAccount> phases_in(const Timeline& timeline,
                                    const RunBook& book,
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

EpochAccount epoch_of(const MarkedEpoch& marked, const Timeline& timeline, const RunBook& book) {
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
void account_outside(RunAccount& account, const Timeline& timeline, const RunBook& book) {
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

void account_timeline(RunAccount& account, const Timeline& timeline, const RunBook& book) {
  for (const MarkedEpoch& marked : timeline.epochs) {
    account.epochs.push_back(epoch_of(marked, timeline, book));
  }
  account_outside(account, timeline, book);
  account.epochs_total = timeline.epochs_total;
  account.metrics = timeline.metrics;
  account.params = timeline.params;
  account.tags = timeline.tags;
  account.notes = timeline.notes;
  account.monitor.marks_unmatched = timeline.unmatched;
  account.monitor.marks_unknown = timeline.unknown;
}

}  // namespace gradwatt
