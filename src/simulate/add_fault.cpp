#include "plant/random_stream.h"
#include "simulate/simulated_run.h"

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

constexpr double kScaleBound = 0.05;
/// A range that is passed every few seconds and still not between two readings.
constexpr double kRange_s = 1.5;

/// How long a counter may stand still before the measurement takes it for frozen.
double patience_s(const SensorSpec& spec) {
  return std::max(2.0, 10 * seconds(spec.stated_refresh));
}

Energy small_range(const SimulationSetup& setup) {
  const auto quantum = static_cast<double>(setup.sensor.quantum);
  const double steps = std::floor(setup.limits.power_max.watts * kRange_s * 1e6 / quantum);
  return {static_cast<std::int64_t>(steps) * setup.sensor.quantum};
}

}  // namespace

void add_fault(SimulationSetup& setup, Fault::Kind kind) {
  RandomStream random(setup.seed ^ 0xfa017U);
  const double run_s = seconds(setup.duration);
  double begin_s = random.between(0.02, 0.9) * run_s;
  double length_s = 0;
  switch (kind) {
    case Fault::Kind::failed_reads:
    case Fault::Kind::stall:
    case Fault::Kind::latency:
      length_s = random.between(0.3, 1.5);
      break;
    case Fault::Kind::freeze:
    case Fault::Kind::freeze_losing: {
      const double noticed_s = patience_s(setup.sensor) + 0.3;
      length_s = random.between(noticed_s, noticed_s + 1);
      begin_s = random.between(0, std::max(0.0, run_s - noticed_s));
      break;
    }
    case Fault::Kind::wrap:
      setup.sensor.range = small_range(setup);
      break;
    case Fault::Kind::scale:
      setup.limits.scale_bound = kScaleBound;
      break;
    default:
      break;
  }
  setup.fault = {kind, from_seconds(begin_s), from_seconds(length_s)};
}

}  // namespace gradwatt
