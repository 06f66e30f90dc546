#include "simulate/information_bound.h"

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

struct Cell {
  Duration begin;
  Duration end;
};

/// The uncertainty of the energy in the part of a cell that a window shares.
double width_in(const Signal& signal, const PlantLimits& limits, const Cell& cell, Duration part) {
  const double e = signal.joules(cell.begin, cell.end);
  const double inside = seconds(part);
  const double outside = seconds(cell.end - cell.begin - part);
  const double lo = std::max(limits.power_min.watts * inside, e - limits.power_max.watts * outside);
  const double hi = std::min(limits.power_max.watts * inside, e - limits.power_min.watts * outside);
  return std::max(0.0, hi - lo);
}

/// The cells of renewal `first` and of every `stride`th behind it that is seen.
struct Chain {
  std::int64_t first;
  std::int64_t stride;
  Duration seen_until;
};

/// The uncertainty of a window that a chain of cells tells of.
double chain_width(const Signal& signal,
                   const PlantSensor& sensor,
                   const PlantLimits& limits,
                   const TrueWindow& window,
                   const Chain& chain) {
  const SensorSpec& spec = sensor.spec();
  const double unseen_w = (limits.power_max - limits.power_min).watts;
  const double micro = 1e-6 * static_cast<double>(sensor.quantum());
  double width = spec.is_counter ? 2 * micro : 0;
  Duration seen{};
  Duration previous = window.begin;
  for (std::int64_t i = chain.first;; i += chain.stride) {
    const Duration renewed = sensor.time_of(i);
    Cell cell{renewed - spec.lag - spec.window, renewed - spec.lag};
    if (spec.is_counter) {
      cell = {sensor.time_of(i - 1), renewed};
    }
    if (renewed > chain.seen_until || cell.begin >= window.end) {
      break;
    }
    if (i != chain.first) {
      cell.begin = std::max(cell.begin, previous);  // Jitter makes neighbours overlap a little.
    }
    previous = cell.end;
    const Duration part = std::min(cell.end, window.end) - std::max(cell.begin, window.begin);
    if (part <= Duration{}) {
      continue;
    }
    seen += part;
    width += width_in(signal, limits, cell, part);
    width += spec.is_counter ? 0 : micro * seconds(part);
  }
  return width + unseen_w * seconds(window.end - window.begin - seen);
}

}  // namespace

double information_bound(const Signal& signal,
                         const PlantSensor& sensor,
                         const PlantLimits& limits,
                         const TrueWindow& window,
                         Duration seen_until) {
  const SensorSpec& spec = sensor.spec();
  const std::int64_t stride =
      spec.is_counter ? 1
                      : std::max<std::int64_t>(1, (spec.window + spec.refresh / 2) / spec.refresh);
  // The first cell that can share the window: the first renewed behind its begin.
  const std::int64_t first = sensor.renewal_at(window.begin + spec.lag) + 1;
  const double length = seconds(window.end - window.begin);
  double best = (limits.power_max - limits.power_min).watts * length;
  for (std::int64_t phase = 0; phase < stride; ++phase) {
    best = std::min(
        best, chain_width(signal, sensor, limits, window, {first + phase, stride, seen_until}));
  }
  return best + 2 * limits.scale_bound * window.joules;
}

}  // namespace gradwatt
