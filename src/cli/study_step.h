#pragma once

#include "experiment/sweep_file.h"

#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// What `gradwatt reproduce STUDY` was asked for.
struct StudyRequest {
  std::string scale = "small";    ///< "small" or "paper".
  std::string on = "study";       ///< "study", "fashion" or "simulated".
  std::string data;               ///< Folder with the data sets; empty: they are made, or found.
  std::vector<std::string> only;  ///< Sweeps to run, by name or part; empty: all.
  std::optional<int> threads;
  std::string device;  ///< Empty: gradwatt-train's own choice.
};

/// One sweep of a study: its name in reports ("pamap2-joint") and its file, ready to run.
struct StudyStep {
  std::string name;
  SweepFile sweep;
  std::string swept_alone = {};  ///< The sweep's name where its file is swept by itself; empty:
                                 ///< that is another sweep than this, which a scale has changed.
};

/// A data set to make before the sweeps can run.
struct StudyDataSet {
  std::string name;              ///< Such as "pamap2".
  std::string scale;             ///< Size, as a share of the published one.
  std::filesystem::path folder;  ///< Relative to the folder in which commands start.
};

/// A study as sweeps. Their files and what a scale changes are those of experiments/, which are in
/// the program.
struct StudyPlan {
  std::vector<StudyStep> all;  ///< In order: pretraining before what needs its encoder.
  std::vector<StudyStep> run;  ///< Those that `only` names.
  std::vector<StudyDataSet> to_make;
  std::vector<std::string> notes;
};

/// A file of experiments/ in the program: name without ".toml", text.
struct StudySource {
  std::string name;
  std::string text;
};

/// "pamap2" and "joint" of "pamap2-joint": the data set, and the sweep's part in the study.
[[nodiscard]] std::string before_dash(const std::string& name);
[[nodiscard]] std::string behind_dash(const std::string& name);

/// Sets a fixed value of a sweep.
void set_text(SweepFile& sweep, const std::string& name, const std::string& text);

/// Names the sweep as `reproduce` stores it, which keeps its file's own name at the paper's scale.
void settle_name(StudyStep& step, const StudyRequest& request, const std::string& stored);

/// Sets the flags that the request has for every training.
void settle_machine(SweepFile& sweep, const StudyRequest& request);

/// The first of the folders that is there, as an absolute path.
[[nodiscard]] std::optional<std::filesystem::path> first_folder(
    std::initializer_list<std::filesystem::path> folders);

/// Lets the sweep find its data in what will be made, a share of the published set that the table
/// [data] of `overlay` names; notes it in the plan once.
void settle_made_data(SweepFile& sweep,
                      const std::string& set,
                      const StudySource& overlay,
                      StudyPlan& plan);

/// The steps that `only` names; all when it names none. Throws UsageError for a name that means
/// none of them.
[[nodiscard]] std::vector<StudyStep> steps_asked_for(const std::vector<StudyStep>& steps,
                                                     const std::vector<std::string>& only);

}  // namespace gradwatt
