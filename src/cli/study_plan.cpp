#include "cli/study_plan.h"

#include "base/error.h"
#include "base/expects.h"
#include "experiment/sweep_overlay.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace gradwatt {

// Of experiments/power-of-training.
extern const char* const embedded_pamap2_joint_toml;
extern const char* const embedded_pamap2_pretrain_toml;
extern const char* const embedded_pamap2_frozen_toml;
extern const char* const embedded_pamap2_unfrozen_toml;
extern const char* const embedded_celeba_identity_toml;
extern const char* const embedded_celeba_attributes_toml;
extern const char* const embedded_celeba_multitask_toml;
extern const char* const embedded_small_toml;
extern const char* const embedded_fashion_toml;
extern const char* const embedded_fashion_small_toml;

namespace {

namespace fs = std::filesystem;

constexpr const char* kLayout =
    "give a folder with both: --data DIR, holding DIR/pamap2 or DIR/PAMAP2_Dataset (with "
    "Protocol/subject101.dat; archive.ics.uci.edu, data set 231) and DIR/celeba (with "
    "img_align_celeba/, identity_CelebA.txt and list_attr_celeba.txt; "
    "mmlab.ie.cuhk.edu.hk/projects/CelebA.html); --only runs the sweeps of one";

const StudySource& overlay_named(const std::string& name) {
  const auto& sources = study_overlay_sources();
  const auto found =
      std::find_if(sources.begin(), sources.end(), [&](const auto& s) { return s.name == name; });
  expects(found != sources.end(), "a known overlay");
  return *found;
}

/// The overlays of a request, in the order in which they apply.
std::vector<std::string> overlays_for(const StudyRequest& request) {
  std::vector<std::string> names;
  if (request.on == "fashion") {
    names.emplace_back("fashion");
  }
  if (request.scale == "small") {
    names.emplace_back(request.on == "fashion" ? "fashion-small" : "small");
  }
  return names;
}

/// Where --data has a data set; nullopt when it has not.
std::optional<fs::path> published_folder(const std::string& set, const fs::path& data) {
  if (set == "pamap2") {
    return first_folder({data / "pamap2", data / "PAMAP2_Dataset"});
  }
  if (set == "celeba") {
    return first_folder({data / "celeba"});
  }
  return first_folder({data / "fashion-mnist", data});
}

/// Sets where a sweep finds its data set; notes what is to be made for that.
void settle_data(SweepFile& sweep,
                 const std::string& set,
                 const StudyRequest& request,
                 StudyPlan& plan) {
  if (!request.data.empty()) {
    const auto folder = published_folder(set, request.data);
    if (!folder) {
      throw UsageError(fmt::format("no {} in the data folder", set), request.data, kLayout);
    }
    set_text(sweep, "data", folder->string());
    return;
  }
  if (set == "fashion") {
    return;  // gradwatt-train knows where the package puts it.
  }
  if (request.scale == "paper") {
    throw UsageError("the paper's scale needs the published data sets", "--scale paper", kLayout);
  }
  settle_made_data(sweep, set, overlay_named("small"), plan);
}

void settle_weights(SweepFile& sweep, const StudyRequest& request, StudyPlan& plan) {
  const auto model = std::find_if(
      sweep.fixed.begin(), sweep.fixed.end(), [](const auto& f) { return f.name == "model"; });
  if (model == sweep.fixed.end() || model->per_repeat.front() != "resnet18") {
    return;
  }
  const fs::path weights = fs::absolute(fs::path(request.data) / "resnet18.safetensors");
  std::error_code error;
  if (!request.data.empty() && fs::exists(weights, error)) {
    set_text(sweep, "weights", weights.string());
    return;
  }
  const std::string note =
      "the study's ResNet18 starts from ImageNet weights; without resnet18.safetensors in the "
      "data folder it starts from random ones";
  if (std::find(plan.notes.begin(), plan.notes.end(), note) == plan.notes.end()) {
    plan.notes.push_back(note);
  }
}

/// One sweep without its data: the file, then the overlays, then the flags.
StudyStep step_from(const StudySource& source, const StudyRequest& request) {
  StudyStep step{source.name, parse_sweep_file(source.text, source.name + ".toml")};
  const std::vector<std::string> tables{"all", before_dash(source.name), source.name};
  for (const std::string& overlay : overlays_for(request)) {
    overlay_sweep(step.sweep, overlay_named(overlay).text, overlay + ".toml", tables);
  }
  if (request.on == "fashion") {
    step.name = "fashion-" + behind_dash(source.name);
  }
  settle_name(step, request, fmt::format("pot-{}-{}", request.scale, step.name));
  settle_machine(step.sweep, request);
  return step;
}

}  // namespace

StudyPlan name_study(const StudyRequest& request) {
  StudyPlan plan;
  for (const StudySource& source : study_sweep_sources()) {
    plan.all.push_back(step_from(source, request));
  }
  return plan;
}

StudyPlan plan_study(const StudyRequest& request) {
  StudyPlan plan = name_study(request);
  for (StudyStep& step : steps_asked_for(plan.all, request.only)) {
    settle_data(step.sweep, before_dash(step.name), request, plan);
    settle_weights(step.sweep, request, plan);
    plan.run.push_back(std::move(step));
  }
  return plan;
}

fs::path study_folder(const fs::path& store_root, const StudyRequest& request) {
  return store_root / "reproduce" /
         (request.on == "fashion" ? request.scale + "-fashion" : request.scale);
}

const std::vector<StudySource>& study_sweep_sources() {
  static const std::vector<StudySource> kSweeps{
      {"pamap2-joint", embedded_pamap2_joint_toml},
      {"pamap2-pretrain", embedded_pamap2_pretrain_toml},
      {"pamap2-frozen", embedded_pamap2_frozen_toml},
      {"pamap2-unfrozen", embedded_pamap2_unfrozen_toml},
      {"celeba-identity", embedded_celeba_identity_toml},
      {"celeba-attributes", embedded_celeba_attributes_toml},
      {"celeba-multitask", embedded_celeba_multitask_toml}};
  return kSweeps;
}

const std::vector<StudySource>& study_overlay_sources() {
  static const std::vector<StudySource> kOverlays{{"small", embedded_small_toml},
                                                  {"fashion", embedded_fashion_toml},
                                                  {"fashion-small", embedded_fashion_small_toml}};
  return kOverlays;
}

}  // namespace gradwatt
