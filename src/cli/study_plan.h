#pragma once

#include "experiment/sweep_file.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// What `gradwatt reproduce power-of-training` was asked for.
struct StudyRequest {
  std::string scale = "small";    ///< "small" or "paper".
  std::string on = "study";       ///< "study" or "fashion".
  std::string data;               ///< Folder with the data sets; empty: they are made, or found.
  std::vector<std::string> only;  ///< Sweeps to run, by name or part; empty: all.
  std::optional<int> threads;
  std::string device;  ///< Empty: gradwatt-train's own choice.
};

/// One sweep of the study: its name in reports ("pamap2-joint") and its file, ready to run.
struct StudyStep {
  std::string name;
  SweepFile sweep;
};

/// A data set to make before the sweeps can run.
struct StudyDataSet {
  std::string name;              ///< "pamap2" or "celeba".
  std::string scale;             ///< Size, as a share of the published one.
  std::filesystem::path folder;  ///< Relative to the folder in which commands start.
};

/// The study as sweeps. Their files and what a scale changes are those of
/// experiments/power-of-training, which are in the program.
struct StudyPlan {
  std::vector<StudyStep> all;  ///< In order: pretraining before what needs its encoder.
  std::vector<StudyStep> run;  ///< Those that `only` names.
  std::vector<StudyDataSet> to_make;
  std::vector<std::string> notes;
};

/// The study's sweeps by name alone, for a report: `run` is empty.
[[nodiscard]] StudyPlan name_study(const StudyRequest& request);

/// All that is needed to run it. Throws UsageError for a name that `only` cannot mean, and when
/// data sets are needed that --data does not have.
[[nodiscard]] StudyPlan plan_study(const StudyRequest& request);

/// Folder of a study's data, encoders and report in a store: STORE/reproduce/small, with
/// "-fashion" behind it on Fashion-MNIST. Commands start there.
[[nodiscard]] std::filesystem::path study_folder(const std::filesystem::path& store_root,
                                                 const StudyRequest& request);

/// The files of experiments/power-of-training in the program: name without ".toml", text.
struct StudySource {
  std::string name;
  std::string text;
};
[[nodiscard]] const std::vector<StudySource>& study_sweep_sources();
[[nodiscard]] const std::vector<StudySource>& study_overlay_sources();

}  // namespace gradwatt
