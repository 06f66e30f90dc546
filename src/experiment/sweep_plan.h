#pragma once

#include "experiment/sweep_file.h"
#include "record/manifest.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace gradwatt {

/// One run to make: its place in the sweep and the command, values filled in.
struct PlannedPoint {
  SweepPoint point;
  std::vector<std::string> command;
  int position = 0;  ///< Its place in the order, from 1. It stays when a sweep is resumed.
  std::map<std::string, std::string> tags = {};  ///< Of this run, beside the sweep's.
  std::vector<std::string> run_flags = {};       ///< For `gradwatt run`.
};

/// All points of a sweep in the order in which they run: every cell of the grid that is not
/// excluded, as often as it repeats. The same file and seed give the same order everywhere.
/// Takes   trainer: the program behind `workload`.
/// Throws  UsageError when nothing is left of the grid, or its default cell is excluded.
[[nodiscard]] std::vector<PlannedPoint> plan_sweep(const SweepFile& file,
                                                   std::uint64_t seed,
                                                   const std::string& trainer);

/// The command of one cell and repeat, values filled in. {checkpoint} is left as it is: where a
/// point's checkpoint lies is the store's to say (experiment/search_plan.h).
[[nodiscard]] std::vector<std::string> command_of(const SweepFile& file,
                                                  const std::vector<Factor>& cell,
                                                  int repeat,
                                                  const std::string& trainer);

/// What every run of a sweep carries in its tags, so that the store alone explains it: sweep.goal,
/// sweep.axes and sweep.default (as JSON), sweep.seed and sweep.order.
[[nodiscard]] std::map<std::string, std::string> sweep_tags(const SweepFile& file,
                                                            std::uint64_t seed);

/// "val_acc>=0.85", "val_loss<=0.3" or "val_acc best-0.01" ("best+0.01" where smaller is better).
[[nodiscard]] std::string goal_text(const Goal& goal);

/// "batch=64 lr=1e-1", and the repeat when there are several: "batch=64 lr=1e-1 #2".
[[nodiscard]] std::string label_of(const SweepPoint& point, int repeats);

}  // namespace gradwatt
