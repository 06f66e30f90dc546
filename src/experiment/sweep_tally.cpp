#include "experiment/sweep_tally.h"

#include <set>

namespace gradwatt {
namespace {

EnergyKind joined(EnergyKind so_far, EnergyKind next) {
  return so_far == EnergyKind::missing || so_far == next ? next : EnergyKind::mixed;
}

void add_attempt(SweepTally& tally, const Attempt& attempt) {
  if (attempt.energy) {
    tally.energy += *attempt.energy;
    tally.kind = joined(tally.kind, attempt.kind);
  } else if (attempt.state != RunState::running) {
    ++tally.attempts_without_energy;
  }
}

/// Sum and count of what is known; the mean of none is unknown.
template <class Quantity>
struct Mean {
  Quantity sum{};
  int count = 0;

  void add(const std::optional<Quantity>& value) {
    if (value) {
      sum += *value;
      ++count;
    }
  }
};

}  // namespace

SweepTally tally(std::span<const PlannedPoint> points, const std::vector<Attempt>& attempts) {
  SweepTally tally;
  std::set<std::string> keys;
  Mean<Duration> duration;
  Mean<Energy> energy;
  for (const PlannedPoint& planned : points) {
    ++tally.points;
    keys.insert(planned.point.key);
    const PointState state = state_of(planned.point.key, attempts);
    tally.done += state == PointState::done ? 1 : 0;
    tally.failed += state == PointState::failed ? 1 : 0;
    tally.open += state == PointState::open || state == PointState::running ? 1 : 0;
    if (state == PointState::done) {
      const Attempt* attempt = attempt_for(planned.point.key, attempts);
      duration.add(attempt->duration);
      energy.add(attempt->energy);
    }
  }
  for (const Attempt& attempt : attempts) {
    if (keys.contains(attempt.key)) {
      add_attempt(tally, attempt);
    } else {
      ++tally.attempts_elsewhere;
    }
  }
  if (duration.count > 0) {
    tally.duration_mean = duration.sum / duration.count;
  }
  if (energy.count > 0) {
    tally.energy_mean = Energy{energy.sum.microjoules / energy.count};
  }
  return tally;
}

std::optional<Duration> time_for(int count, const SweepTally& tally, Duration cooldown) {
  if (count == 0) {
    return Duration{};
  }
  if (!tally.duration_mean) {
    return std::nullopt;
  }
  return count * (*tally.duration_mean + cooldown);
}

std::optional<Energy> energy_for(int count, const SweepTally& tally) {
  if (count == 0) {
    return Energy{};
  }
  if (!tally.energy_mean) {
    return std::nullopt;
  }
  return Energy{count * tally.energy_mean->microjoules};
}

}  // namespace gradwatt
