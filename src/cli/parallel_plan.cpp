#include "cli/parallel_plan.h"

#include "base/error.h"
#include "experiment/sweep_overlay.h"

#include <fmt/format.h>

namespace gradwatt {

// Of experiments/parallel-training.
extern const char* const embedded_imagenet_constant_local_toml;
extern const char* const embedded_imagenet_constant_global_toml;
extern const char* const embedded_imagenet_constant_large_toml;
extern const char* const embedded_imagenet_growing_local_toml;
extern const char* const embedded_imagenet_growing_global_toml;
extern const char* const embedded_imagenet_growing_large_toml;
extern const char* const embedded_era5_local_toml;
extern const char* const embedded_era5_global_toml;
extern const char* const embedded_era5_finetune_toml;
extern const char* const embedded_parallel_small_toml;

namespace {

namespace fs = std::filesystem;

constexpr const char* kParallelLayout =
    "give a folder with both: --data DIR, holding DIR/imagenet (with train/ and val/; "
    "docs/imagenet.md) and DIR/era5 (with train/, test/ and stats/; docs/era5.md); --only runs the "
    "sweeps of one; --on simulated needs no data";

/// Where the sweep finds its data set, or what is to be made for it.
void settle_parallel_data(SweepFile& sweep,
                          const std::string& set,
                          const StudyRequest& request,
                          StudyPlan& plan) {
  if (!request.data.empty()) {
    const auto folder = first_folder({fs::path(request.data) / set});
    if (!folder) {
      throw UsageError(fmt::format("no {} in the data folder", set), request.data, kParallelLayout);
    }
    set_text(sweep, "data", folder->string());
  } else if (request.scale == "paper") {
    throw UsageError(
        "the paper's scale needs the published data sets", "--scale paper", kParallelLayout);
  } else {
    settle_made_data(sweep, set, parallel_overlay(), plan);
  }
}

StudyStep parallel_step(const StudySource& source, const StudyRequest& request) {
  StudyStep step{source.name, parse_sweep_file(source.text, source.name + ".toml")};
  if (parallel_scale(request) == "small") {
    const std::vector<std::string> tables{"all", before_dash(source.name), source.name};
    overlay_sweep(step.sweep, parallel_overlay().text, parallel_overlay().name + ".toml", tables);
  }
  settle_name(step, request, fmt::format("pt-{}-{}", parallel_scale(request), step.name));
  settle_machine(step.sweep, request);
  return step;
}

}  // namespace

std::string parallel_scale(const StudyRequest& request) {
  return request.on == "simulated" ? request.on : request.scale;
}

StudyPlan name_parallel(const StudyRequest& request) {
  StudyPlan plan;
  for (const StudySource& source : parallel_sweep_sources()) {
    if (request.on != "simulated" || before_dash(source.name) == "imagenet") {
      plan.all.push_back(parallel_step(source, request));
    }
  }
  return plan;
}

StudyPlan plan_parallel(const StudyRequest& request) {
  StudyPlan plan = name_parallel(request);
  for (StudyStep& step : steps_asked_for(plan.all, request.only)) {
    if (request.on != "simulated") {
      settle_parallel_data(step.sweep, before_dash(step.name), request, plan);
    }
    plan.run.push_back(std::move(step));
  }
  return plan;
}

fs::path parallel_folder(const fs::path& store_root, const StudyRequest& request) {
  return store_root / "reproduce" / ("parallel-" + parallel_scale(request));
}

const std::vector<StudySource>& parallel_sweep_sources() {
  static const std::vector<StudySource> kSweeps{
      {"imagenet-constant-local", embedded_imagenet_constant_local_toml},
      {"imagenet-constant-global", embedded_imagenet_constant_global_toml},
      {"imagenet-constant-large", embedded_imagenet_constant_large_toml},
      {"imagenet-growing-local", embedded_imagenet_growing_local_toml},
      {"imagenet-growing-global", embedded_imagenet_growing_global_toml},
      {"imagenet-growing-large", embedded_imagenet_growing_large_toml},
      {"era5-local", embedded_era5_local_toml},
      {"era5-global", embedded_era5_global_toml},
      {"era5-finetune", embedded_era5_finetune_toml}};
  return kSweeps;
}

const StudySource& parallel_overlay() {
  static const StudySource kOverlay{"parallel-small", embedded_parallel_small_toml};
  return kOverlay;
}

}  // namespace gradwatt
