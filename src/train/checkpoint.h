#pragma once

#include "train/loop_progress.h"

#include <filesystem>
#include <string>

namespace gradwatt {

class BestWeights;
class FlatParameters;
class Optimizer;
class Task;

/// Everything that a checkpoint holds.
struct TrainingState {
  Task& task;
  FlatParameters& parameters;
  Optimizer& optimizer;
  BestWeights& best;
  LoopProgress& progress;
};

/// Writes a safetensors file: model.*, best.*, optimizer.mean.* and so on, the progress as
/// metadata. It replaces an older one only when it is complete on the disk.
/// Takes   settings: what must be the same when training goes on.
void save_checkpoint(const TrainingState& state,
                     const std::filesystem::path& file,
                     const std::string& settings);

/// Brings the state back, to the last bit. Throws Error when the file is damaged, of another
/// network, or was written with other settings, naming the first that differs.
void load_checkpoint(const TrainingState& state,
                     const std::filesystem::path& file,
                     const std::string& settings);

}  // namespace gradwatt
