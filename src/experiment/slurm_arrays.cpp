#include "experiment/slurm_arrays.h"

#include "base/error.h"
#include "base/expects.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <string>

namespace gradwatt {
namespace {

constexpr int kTasksMax = 1'000'000;

/// The number behind a name that the reader of the file has checked.
int count_of(const std::map<std::string, std::string>& values, const std::string& name) {
  const auto count = process_count(values.at(name));
  expects(count.has_value(), "the values of what [launcher] names were checked");
  return *count;
}

}  // namespace

std::optional<int> process_count(std::string_view text) {
  int count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const bool is_number = error == std::errc{} && end == text.data() + text.size();
  return is_number && count >= 1 && count <= kTasksMax ? std::optional(count) : std::nullopt;
}

SlurmLauncher launcher_of(const SweepFile& file, const SweepPoint& point) {
  expects(file.slurm.has_value(), "a sweep on Slurm");
  SlurmLauncher launcher = *file.slurm;
  if (launcher.asks_points()) {
    const auto values = values_of(file, point.factors, point.repeat);
    if (!launcher.nodes_from.empty()) {
      launcher.nodes = count_of(values, launcher.nodes_from);
    }
    if (!launcher.ntasks_from.empty()) {
      launcher.ntasks = count_of(values, launcher.ntasks_from);
    }
  }
  if (launcher.tasks_per_node > 0) {
    launcher.nodes = (launcher.ntasks - 1) / launcher.tasks_per_node + 1;
  }
  if (launcher.ntasks < launcher.nodes) {
    throw UsageError(fmt::format("{} has fewer tasks ({}) than nodes ({})",
                                 label_of(point, file.repeat),
                                 launcher.ntasks,
                                 launcher.nodes),
                     "[launcher]",
                     "tasks_per_node = 4 in place of nodes makes the nodes follow from the tasks");
  }
  return launcher;
}

std::vector<SlurmArray> slurm_arrays(const SweepFile& file,
                                     const std::vector<const PlannedPoint*>& points) {
  std::vector<SlurmArray> arrays;
  for (const PlannedPoint* point : points) {
    SlurmLauncher launcher = launcher_of(file, point->point);
    const auto fits = [&](const SlurmArray& array) {
      return array.launcher.nodes == launcher.nodes && array.launcher.ntasks == launcher.ntasks &&
             array.points.size() < kTasksInArray;
    };
    const auto array = std::find_if(arrays.begin(), arrays.end(), fits);
    if (array != arrays.end()) {
      array->points.push_back(point);
    } else {
      arrays.push_back({std::move(launcher), {point}});
    }
  }
  return arrays;
}

}  // namespace gradwatt
