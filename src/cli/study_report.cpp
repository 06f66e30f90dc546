#include "cli/study_report.h"

#include "base/error.h"
#include "base/file.h"
#include "cli/sweep_table.h"

#include <fmt/format.h>

#include <set>

namespace gradwatt {

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
    if (!stored.contains(step.sweep.name)) {
      absent.push_back(step.name);
      continue;
    }
    SweepTable table = load_sweep_table(index, step.sweep.name);
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
