#include "cli/study_report.h"

#include "base/error.h"
#include "base/file.h"
#include "cli/sweep_table.h"

#include <fmt/format.h>

#include <set>

namespace gradwatt {
namespace {

/// Under which name the store has runs of a step; empty: it has none. What `reproduce` ran counts
/// before what somebody swept from the step's file.
std::string stored_name(const StudyStep& step,
                        const std::set<std::string>& stored,
                        std::vector<std::string>& notes) {
  const bool is_alone = stored.contains(step.swept_alone);
  if (stored.contains(step.sweep.name)) {
    if (is_alone) {
      notes.push_back(fmt::format("{}: the runs of {} count, those of a sweep called {} do not",
                                  step.name,
                                  step.sweep.name,
                                  step.swept_alone));
    }
    return step.sweep.name;
  }
  if (is_alone) {
    notes.push_back(
        fmt::format("{}: its runs are those of a sweep called {}, started from its file",
                    step.name,
                    step.swept_alone));
  }
  return is_alone ? step.swept_alone : "";
}

}  // namespace

void visit_stored_sweeps(const Store& store,
                         const StudyPlan& plan,
                         std::string_view study,
                         std::vector<std::string>& notes,
                         const std::function<void(const std::string&, SweepTable&)>& visit) {
  RunIndex index(store);
  std::set<std::string> stored;
  for (const StoredRun& run : index.list().runs) {
    if (run.manifest.point) {
      stored.insert(run.manifest.point->sweep);
    }
  }
  std::vector<std::string> absent;
  for (const StudyStep& step : plan.all) {
    const std::string sweep = stored_name(step, stored, notes);
    if (sweep.empty()) {
      absent.push_back(step.name);
      continue;
    }
    SweepTable table = load_sweep_table(index, sweep);
    for (const std::string& note : table.notes) {
      notes.push_back(step.name + ": " + note);
    }
    visit(step.name, table);
  }
  if (absent.size() == plan.all.size()) {
    throw Error("no run of this study is stored yet",
                store.root().string(),
                fmt::format("run it: gradwatt reproduce {}", study));
  }
  for (const std::string& name : absent) {
    notes.push_back(name + " has no run yet, so what needs it is left out");
  }
}

StudyView study_view_of(const Store& store, const StudyRequest& request, const StudyPlan& plan) {
  StudyView view{request.scale, request.on, {}, plan.notes};
  visit_stored_sweeps(
      store,
      plan,
      "power-of-training",
      view.notes,
      [&](const std::string& name, SweepTable& table) {
        view.sweeps.push_back(study_sweep(name, table.runs, table.axes, table.goal));
      });
  if (request.scale == "small") {
    view.notes.emplace_back(
        "the small scale trains small networks on little data: it shows how the study's numbers "
        "come about, not what they are at its scale");
  }
  return view;
}

void write_study_files(const std::vector<StudyFile>& files, const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw system_error("cannot make the report's folder", folder.string(), error.value());
  }
  for (const StudyFile& file : files) {
    write_text_atomically(folder / file.name, file.text, WaitForDisk::no);
  }
}

}  // namespace gradwatt
