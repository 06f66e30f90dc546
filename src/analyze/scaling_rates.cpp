#include "analyze/scaling_rates.h"

#include "base/expects.h"

namespace gradwatt {

double device_hours(const ParallelTraining& training) {
  expects(training.time_s > 0 && training.devices > 0, "a training that took time on devices");
  return training.devices * training.time_s / kSecondsPerHour;
}

double power_per_device_w(const ParallelTraining& training) {
  return training.energy_j / kSecondsPerHour / device_hours(training);
}

ScalingRates rates_of(const ParallelTraining& training) {
  expects(training.samples > 0, "a training that saw samples");
  const double hours = device_hours(training);
  return {hours,
          power_per_device_w(training),
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
