#include "cli/study_step.h"

#include "base/closest_name.h"
#include "base/error.h"
#include "base/expects.h"
#include "experiment/sweep_overlay.h"

#include <fmt/format.h>

#include <algorithm>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

/// Refuses names that mean none of the sweeps.
void check_only(const std::vector<StudyStep>& steps, const std::vector<std::string>& only) {
  std::vector<std::string> names;
  for (const StudyStep& step : steps) {
    names.push_back(step.name);
    names.push_back(behind_dash(step.name));
  }
  for (const std::string& name : only) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      throw UsageError(
          fmt::format("no sweep '{}' in this study", name), "--only", known_names(name, names));
    }
  }
}

bool is_asked_for(const StudyStep& step, const std::vector<std::string>& only) {
  return only.empty() || std::any_of(only.begin(), only.end(), [&](const std::string& name) {
           return name == step.name || name == behind_dash(step.name);
         });
}

}  // namespace

std::string before_dash(const std::string& name) { return name.substr(0, name.find('-')); }
std::string behind_dash(const std::string& name) { return name.substr(name.find('-') + 1); }

void set_text(SweepFile& sweep, const std::string& name, const std::string& text) {
  set_fixed(sweep, {name, {text}});
}

void settle_name(StudyStep& step, const StudyRequest& request, const std::string& stored) {
  if (request.scale == "paper" && request.on == "study") {
    step.swept_alone = step.sweep.name;
  }
  step.sweep.name = stored;
}

void settle_machine(SweepFile& sweep, const StudyRequest& request) {
  if (request.threads) {
    set_text(sweep, "threads", std::to_string(*request.threads));
  }
  if (!request.device.empty()) {
    set_text(sweep, "device", request.device);
  }
}

std::optional<fs::path> first_folder(std::initializer_list<fs::path> folders) {
  for (const fs::path& folder : folders) {
    std::error_code error;
    if (fs::is_directory(folder, error)) {
      return fs::absolute(folder);
    }
  }
  return std::nullopt;
}

void settle_made_data(SweepFile& sweep,
                      const std::string& set,
                      const StudySource& overlay,
                      StudyPlan& plan) {
  const auto scale = overlay_value(overlay.text, overlay.name + ".toml", "data", set);
  expects(scale.has_value(), "the overlay says how much of a data set to make");
  StudyDataSet made{set, *scale, fs::path("data") / fmt::format("{}-{}", set, *scale)};
  set_text(sweep, "data", made.folder.string());
  if (std::none_of(
          plan.to_make.begin(), plan.to_make.end(), [&](const auto& m) { return m.name == set; })) {
    plan.to_make.push_back(std::move(made));
  }
}

std::vector<StudyStep> steps_asked_for(const std::vector<StudyStep>& steps,
                                       const std::vector<std::string>& only) {
  check_only(steps, only);
  std::vector<StudyStep> asked;
  for (const StudyStep& step : steps) {
    if (is_asked_for(step, only)) {
      asked.push_back(step);
    }
  }
  return asked;
}

}  // namespace gradwatt
