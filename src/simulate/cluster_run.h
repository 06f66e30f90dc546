#pragma once

#include "record/node_file.h"
#include "record/store.h"
#include "units/energy.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gradwatt {

/// A data-parallel training on nodes of GPUs that never ran: what it draws and how long it takes
/// are given, and what the books would show of it follows.
struct ClusterRun {
  int devices = 1;
  int devices_per_node = 4;
  int epochs = 1;
  Duration epoch{};  ///< Of each; 1 ms at least.
  /// Names and shares of an epoch, adding up to 1.
  std::vector<std::pair<std::string, double>> phases;
  Power device_power;  ///< Mean draw of one device.
  Power node_power;    ///< What a node draws beside its devices, whether they work or not.
  /// Chance, as relative standard deviations: of the run's power and time as a whole, which differ
  /// from repeat to repeat, and of each device's power in each epoch.
  double power_deviation = 0;
  double time_deviation = 0;
  double epoch_deviation = 0;
  std::int64_t samples = 0;  ///< Of an epoch.
  std::int64_t steps = 0;
  std::map<std::string, std::string> params;
  std::optional<std::pair<std::string, double>> metric;  ///< At the end of each epoch.
  std::uint64_t seed = 1;

  /// Full nodes, and one for the rest.
  [[nodiscard]] int nodes() const { return (devices + devices_per_node - 1) / devices_per_node; }
};

/// Everything that the nodes would have measured, on a clock of its own: one reading at each end of
/// a phase, one source per node with a channel for each of its devices and one for the rest. The
/// channels are models by kind and say that they are simulated.
///
/// Takes    at least one device, epoch, sample and phase.
/// Example  2 devices of 300 W on a node of 200 W for 2 epochs of 10 s: 16 kJ.
[[nodiscard]] NodeRecord cluster_record(const ClusterRun& run);

/// Under which names a simulated run is kept.
struct ClusterLabel {
  std::string name;
  std::vector<std::string> command;
  std::map<std::string, std::string> tags;  ///< simulated=yes comes by itself.
  std::optional<SweepPoint> point;
};

/// Puts it into the store as a finished run, of several nodes with a file for each as the nodes of
/// a job write them. It appears as a whole or, on an Error, not at all.
StoredRun store_cluster_run(const ClusterRun& run, const ClusterLabel& label, const Store& store);

}  // namespace gradwatt
