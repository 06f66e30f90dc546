#pragma once

#include "experiment/slurm_launcher.h"
#include "experiment/sweep_file.h"
#include "experiment/sweep_plan.h"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace gradwatt {

/// Slurm's default MaxArraySize allows tasks 0 to 1000.
inline constexpr std::size_t kTasksInArray = 1000;

/// Points that are submitted together. They need as many nodes and tasks each, because an array
/// has one size for all its tasks.
struct SlurmArray {
  SlurmLauncher launcher;
  std::vector<const PlannedPoint*> points;
};

/// "8" as a number of nodes or processes, 1 to a million; nullopt for any other text.
[[nodiscard]] std::optional<int> process_count(std::string_view text);

/// The launcher of one point, with numbers where the file names an axis or a fixed value.
/// Takes    file: with a launcher.
/// Throws   UsageError when the point has fewer tasks than nodes.
/// Example  ntasks = "ranks" and tasks_per_node = 4: a point with ranks=6 has 6 tasks on 2 nodes.
[[nodiscard]] SlurmLauncher launcher_of(const SweepFile& file, const SweepPoint& point);

/// Splits points into arrays: one for each size, several where that has more than kTasksInArray.
/// Their order is kept. Throws UsageError as launcher_of does.
[[nodiscard]] std::vector<SlurmArray> slurm_arrays(const SweepFile& file,
                                                   const std::vector<const PlannedPoint*>& points);

}  // namespace gradwatt
