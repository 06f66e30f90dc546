#include "base/error.h"
#include "cli/catalog.h"
#include "cli/cluster_job.h"
#include "cli/conduct_stored_sweep.h"
#include "cli/parallel_plan.h"
#include "cli/parallel_report.h"
#include "cli/study_data.h"
#include "cli/study_plan.h"
#include "cli/study_report.h"
#include "cli/train_program.h"
#include "experiment/command_template.h"
#include "experiment/sweep_plan.h"
#include "report/parallel_text.h"
#include "report/study_csv.h"
#include "report/study_text.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <memory>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

constexpr int kSignalled = 128;
constexpr const char* kParallel = "parallel-training";

struct ReproduceFlags {
  std::string study = "power-of-training";
  StudyRequest request;
  std::string store;
  std::string out;
  int threads = 0;
  bool dry_run = false;
  bool report_only = false;
  bool retry_failed = false;
  bool json = false;
};

/// A report as it leaves the program.
struct StudyReport {
  std::string text;
  std::string json;
  std::vector<StudyFile> files;
};

/// A study that can be reproduced: its plan, its folder in a store, and its report.
struct Study {
  const char* name;
  std::vector<std::string> on;  ///< What it can run on.
  StudyPlan (*names)(const StudyRequest& request);
  StudyPlan (*plan)(const StudyRequest& request);
  fs::path (*folder)(const fs::path& store_root, const StudyRequest& request);
  const char* made;  ///< Folder for what one training hands to another.
  StudyReport (*report)(const Store& store, const StudyRequest& request, const StudyPlan& plan);
};

StudyReport power_report(const Store& store, const StudyRequest& request, const StudyPlan& plan) {
  const StudyView view = study_view_of(store, request, plan);
  return {study_text(view), study_to_json(view), study_csv_files(view)};
}

StudyReport parallel_report(const Store& store,
                            const StudyRequest& request,
                            const StudyPlan& plan) {
  const ParallelView view = parallel_view_of(store, request, plan);
  return {parallel_text(view), parallel_to_json(view), parallel_csv_files(view)};
}

const std::vector<Study>& studies() {
  static const std::vector<Study> kStudies{{"power-of-training",
                                            {"study", "fashion"},
                                            name_study,
                                            plan_study,
                                            study_folder,
                                            "encoders",
                                            power_report},
                                           {kParallel,
                                            {"study", "simulated"},
                                            name_parallel,
                                            plan_parallel,
                                            parallel_folder,
                                            "weights",
                                            parallel_report}};
  return kStudies;
}

/// The study asked for. Throws UsageError when it does not run on what was asked for.
const Study& study_of(const ReproduceFlags& flags) {
  const auto found = std::find_if(studies().begin(), studies().end(), [&](const Study& study) {
    return study.name == flags.study;
  });
  if (std::find(found->on.begin(), found->on.end(), flags.request.on) == found->on.end()) {
    throw UsageError(fmt::format("{} does not run on '{}'", flags.study, flags.request.on),
                     "--on",
                     fmt::format("use one of: {}", fmt::join(found->on, ", ")));
  }
  return *found;
}

/// The command line that goes on with the study.
std::string again(const ReproduceFlags& flags) {
  const StudyRequest& request = flags.request;
  std::vector<std::string> words{"gradwatt", "reproduce", flags.study, "--scale", request.scale};
  const auto add = [&](const char* flag, const std::string& value) {
    if (!value.empty()) {
      words.insert(words.end(), {flag, value});
    }
  };
  add("--on", request.on == "study" ? "" : request.on);
  add("--data", request.data);
  add("--store", flags.store);
  add("--out", flags.out);
  add("--threads", request.threads ? std::to_string(*request.threads) : "");
  add("--device", request.device);
  if (!request.only.empty()) {
    words.emplace_back("--only");
    words.insert(words.end(), request.only.begin(), request.only.end());
  }
  return shell_quoted(words);
}

int show_plan(const StudyPlan& plan, const Store& store, const SweepSession& session) {
  fmt::print("commands start in {}\n", session.folder.string());
  for (const StudyDataSet& set : plan.to_make) {
    fmt::print("made first: {} at scale {} in {}\n", set.name, set.scale, set.folder.string());
  }
  for (const StudyStep& step : plan.run) {
    fmt::print("\n");
    static_cast<void>(show_planned_sweep(step.sweep, store, session));
  }
  return 0;
}

/// Runs the sweeps in order. Trainings find the folder `made` for what they hand on.
/// Returns 0, kPointsFailedOrLeft, or 128 and a signal's number.
int run_sweeps(const StudyPlan& plan,
               const Store& store,
               const SweepSession& session,
               const char* made) {
  fs::create_directories(session.folder / made);
  for (const StudyDataSet& set : plan.to_make) {
    make_study_data(set, session.folder);
  }
  int worst = 0;
  for (std::size_t i = 0; i < plan.run.size(); ++i) {
    fmt::print(stderr, "\nsweep {} of {}\n", i + 1, plan.run.size());
    const int status = conduct_stored_sweep(plan.run[i].sweep, store, session);
    if (status > kSignalled) {
      return status;
    }
    worst = std::max(worst, status);
  }
  return worst;
}

int show_simulations(const StudyPlan& plan) {
  for (const StudyStep& step : plan.run) {
    fmt::print("{}: {} runs to simulate\n",
               step.sweep.name,
               plan_sweep(step.sweep, 1, "simulated").size());
  }
  return 0;
}

/// Simulates what the store does not have of the sweeps.
int simulate_sweeps(const StudyPlan& plan, const Store& store) {
  for (const StudyStep& step : plan.run) {
    const int simulated = simulate_sweep(step.sweep, store);
    if (simulated > 0) {
      fmt::print(stderr, "{}: {} runs simulated\n", step.name, simulated);
    }
  }
  return 0;
}

int reproduce(const ReproduceFlags& flags) {
  const Study& study = study_of(flags);
  const fs::path root = flags.store.empty() ? Store::default_root() : fs::path(flags.store);
  const Store store(fs::absolute(root));
  const StudyRequest& request = flags.request;
  const SweepSession session{again(flags), flags.retry_failed, study.folder(store.root(), request)};
  const StudyPlan plan = flags.report_only ? study.names(request) : study.plan(request);
  const bool is_simulated = request.on == "simulated";
  if (flags.dry_run) {
    return is_simulated ? show_simulations(plan) : show_plan(plan, store, session);
  }
  if (!flags.report_only && !is_simulated) {
    require_device(request.device);
  }
  const int status = flags.report_only ? 0
                     : is_simulated    ? simulate_sweeps(plan, store)
                                       : run_sweeps(plan, store, session, study.made);
  if (status > kSignalled) {
    return status;
  }
  const fs::path out = flags.out.empty() ? session.folder / "report" : fs::path(flags.out);
  const StudyReport report = study.report(store, request, plan);
  write_study_files(report.files, out);
  fmt::print("{}", flags.json ? report.json : report.text);
  fmt::print(stderr, "tables and figures as CSV: {}\n", out.string());
  return status;
}

void declare_request(CLI::App& app, ReproduceFlags& flags) {
  StudyRequest& request = flags.request;
  app.add_option("STUDY", flags.study, "power-of-training or parallel-training")
      ->required()
      ->check(CLI::IsMember({"power-of-training", kParallel}))
      ->type_name("");
  app.add_option("--scale", request.scale, "small: minutes on two cores; paper: its own [small]")
      ->check(CLI::IsMember({"small", "paper"}))
      ->type_name("");
  app.add_option("--on",
                 request.on,
                 "study: its data sets; fashion: power-of-training on Fashion-MNIST; simulated: "
                 "parallel-training on a simulated cluster [study]")
      ->check(CLI::IsMember({"study", "fashion", "simulated"}))
      ->type_name("");
  app.add_option("--data", request.data, "Folder of the data sets [small: synthetic ones]")
      ->type_name("DIR");
  app.add_option("--only", request.only, "Sweeps to run, such as joint or celeba-multitask [all]")
      ->type_name("NAME");
  app.add_option("--threads", flags.threads, "Threads of each training")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  app.add_option("--device", request.device, "Device of the trainings, such as cuda")
      ->type_name("D");
}

std::function<int()> declare(CLI::App& app, const VerbContext& context) {
  const auto flags = std::make_shared<ReproduceFlags>();
  declare_request(app, *flags);
  app.add_option("--store", flags->store, "Where runs are kept")->type_name("DIR");
  app.add_option("--out", flags->out, "Where the CSV files go [with the study's data in the store]")
      ->type_name("DIR");
  app.add_flag("--dry-run", flags->dry_run, "Show every command, and run nothing");
  app.add_flag("--report-only", flags->report_only, "Report on the runs there are");
  app.add_flag("--retry-failed", flags->retry_failed, "Run failed points again");
  app.add_flag("--json", flags->json, "The report as JSON");
  const bool has_child = context.has_child;
  return [flags, has_child] {
    if (has_child) {
      throw UsageError(
          "reproduce takes no command", "--", fmt::format("gradwatt reproduce {}", flags->study));
    }
    if (flags->threads > 0) {
      flags->request.threads = flags->threads;
    }
    return reproduce(*flags);
  };
}

}  // namespace

Verb reproduce_verb() {
  return {
      "reproduce", "A published study on this machine, its numbers beside the paper's", declare};
}

}  // namespace gradwatt
