#include "analyze/scaling_rates.h"

#include "base/expects.h"

namespace gradwatt {

ScalingRates rates_of(const ParallelTraining& training) {
  expects(training.time_s > 0 && training.devices > 0 && training.samples > 0,
          "a training that took time and saw samples");
  const double hours = training.devices * training.time_s / kSecondsPerHour;
  return {hours,
          training.energy_j / kSecondsPerHour / hours,
          training.samples / hours,
          training.devices * training.updates / hours,
          training.energy_j / training.samples};
}

double speed_up(const ParallelTraining& training, const ParallelTraining& reference) {
  return (training.samples / training.time_s) / (reference.samples / reference.time_s);
}

double parallel_efficiency(const ParallelTraining& training, const ParallelTraining& reference) {
  return speed_up(training, reference) * reference.devices / training.devices;
}

}  // namespace gradwatt
