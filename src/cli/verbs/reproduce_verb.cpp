#include "base/error.h"
#include "cli/catalog.h"
#include "cli/conduct_stored_sweep.h"
#include "cli/study_data.h"
#include "cli/study_plan.h"
#include "cli/study_report.h"
#include "experiment/command_template.h"
#include "report/study_text.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

constexpr int kSignalled = 128;

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

/// Runs the sweeps in order. Returns 0, kPointsFailedOrLeft, or 128 and a signal's number.
int run_sweeps(const StudyPlan& plan, const Store& store, const SweepSession& session) {
  fs::create_directories(session.folder / "encoders");
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

int reproduce(const ReproduceFlags& flags) {
  const fs::path root = flags.store.empty() ? Store::default_root() : fs::path(flags.store);
  const Store store(fs::absolute(root));
  const StudyRequest& request = flags.request;
  const SweepSession session{again(flags), flags.retry_failed, study_folder(store.root(), request)};
  const StudyPlan plan = flags.report_only ? name_study(request) : plan_study(request);
  if (flags.dry_run) {
    return show_plan(plan, store, session);
  }
  const int status = flags.report_only ? 0 : run_sweeps(plan, store, session);
  if (status > kSignalled) {
    return status;
  }
  const fs::path out = flags.out.empty() ? session.folder / "report" : fs::path(flags.out);
  const StudyView view = study_view_of(store, request, plan);
  write_study_files(view, out);
  fmt::print("{}", flags.json ? study_to_json(view) : study_text(view));
  fmt::print(stderr, "tables and figures as CSV: {}\n", out.string());
  return status;
}

void declare_request(CLI::App& app, ReproduceFlags& flags) {
  StudyRequest& request = flags.request;
  app.add_option("STUDY", flags.study, "power-of-training")
      ->required()
      ->check(CLI::IsMember({"power-of-training"}))
      ->type_name("");
  app.add_option("--scale", request.scale, "small: minutes on two cores; paper: its own [small]")
      ->check(CLI::IsMember({"small", "paper"}))
      ->type_name("");
  app.add_option("--on", request.on, "study: PAMAP2 and CelebA; fashion: Fashion-MNIST [study]")
      ->check(CLI::IsMember({"study", "fashion"}))
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
  app.add_option("--out", flags->out, "Where the CSV files go [STORE/reproduce/SCALE/report]")
      ->type_name("DIR");
  app.add_flag("--dry-run", flags->dry_run, "Show every command, and run nothing");
  app.add_flag("--report-only", flags->report_only, "Report on the runs there are");
  app.add_flag("--retry-failed", flags->retry_failed, "Run failed points again");
  app.add_flag("--json", flags->json, "The report as JSON");
  const bool has_child = context.has_child;
  return [flags, has_child] {
    if (has_child) {
      throw UsageError("reproduce takes no command", "--", "gradwatt reproduce power-of-training");
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
