#include "analyze/scaling_efficiency.h"

namespace gradwatt {
namespace {

constexpr double kHour_s = 3600;

/// Samples per second of all GPUs; nullopt when not known.
std::optional<double> throughput_of(const ScalingSetup& setup) {
  if (!setup.gpus || !setup.samples || *setup.gpus <= 0 || setup.gpu_hours <= 0) {
    return std::nullopt;
  }
  return *setup.samples * *setup.gpus / (setup.gpu_hours * kHour_s);
}

}  // namespace

std::vector<std::optional<ScalingEfficiency>> scaling_efficiencies(
    std::span<const ScalingSetup> setups) {
  const ScalingSetup* reference = nullptr;
  for (const ScalingSetup& setup : setups) {
    if (throughput_of(setup) && (reference == nullptr || *setup.gpus < *reference->gpus)) {
      reference = &setup;
    }
  }
  std::vector<std::optional<ScalingEfficiency>> all(setups.size());
  for (std::size_t i = 0; i < setups.size(); ++i) {
    const auto throughput = throughput_of(setups[i]);
    if (!throughput || *setups[i].samples <= 0) {
      continue;
    }
    const double speed_up = *throughput / *throughput_of(*reference);
    all[i] = ScalingEfficiency{*throughput,
                               speed_up,
                               speed_up * *reference->gpus / *setups[i].gpus,
                               setups[i].energy_j / *setups[i].samples};
  }
  return all;
}

}  // namespace gradwatt
