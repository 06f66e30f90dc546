#pragma once

namespace gradwatt {

inline constexpr double kSecondsPerHour = 3600;
inline constexpr double kJoulesPerKilowattHour = 3.6e6;

/// What a data-parallel training did, and what it cost.
struct ParallelTraining {
  double devices = 1;  ///< GPUs, or ranks on CPUs.
  double nodes = 1;    ///< Machines that took part; one that all ranks share is one.
  double samples = 0;  ///< Trained on, in all epochs and on all devices together.
  double updates = 0;  ///< Optimizer steps; every device makes each of them.
  double time_s = 0;
  double energy_j = 0;
};

/// H = devices * t, in hours. Example  4 devices for 2 h: 8.
[[nodiscard]] double device_hours(const ParallelTraining& training);

/// W = E / H: watts per device. Example  8 kWh in 8 device hours: 1000 W.
[[nodiscard]] double power_per_device_w(const ParallelTraining& training);

/// The same per device hour, as study 2 compares trainings:
///
///   H = devices * t                  device hours
///   W = E / H                        watts per device, the study's kWh per GPU hour
///   samples / H,  devices * updates / H
///
/// Updates are counted per device, since each device computes each of them.
///
/// Source   Huber et al. 2025, "GPU hours", "kWh/GPUh".
/// Example  4 GPUs for 2 h with 8 kWh, 80000 samples and 1000 updates: 8 GPU hours, 1000 W,
///          10000 samples and 500 device updates per GPU hour, 360 J per sample.
struct ScalingRates {
  double device_hours = 0;
  double power_per_device_w = 0;
  double samples_per_device_hour = 0;
  double updates_per_device_hour = 0;
  double energy_per_sample_j = 0;
};

/// Takes  a training of some time with some samples.
[[nodiscard]] ScalingRates rates_of(const ParallelTraining& training);

/// How many times as many samples per second as a reference. Where both train on the same samples
/// it is the ratio of their times.
/// Example  80000 samples in 2 h against 40000 in 4 h: 4.
[[nodiscard]] double speed_up(const ParallelTraining& training, const ParallelTraining& reference);

/// speed_up over the ratio of devices: 1 is linear.
/// Example  The speed-up 4 with 8 devices against 1: 0.5.
[[nodiscard]] double parallel_efficiency(const ParallelTraining& training,
                                         const ParallelTraining& reference);

}  // namespace gradwatt
