#include "analyze/batch_demand.h"
#include "base/error.h"
#include "cli/catalog.h"
#include "cli/run_source.h"
#include "cli/selected_runs.h"
#include "report/plan_text.h"
#include "report/scaling_words.h"
#include "units/quantity_text.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace gradwatt {
namespace {

struct PlanFlags {
  std::vector<std::string> selectors;
  RunSourceFlags source;
  std::vector<double> gpus;
  std::vector<double> global_batches;
  std::vector<double> local_batches;
  double samples = 0;
  double epochs = 0;
  double dataset = 0;
  double gpus_per_node = 0;
  std::string goal;
  std::string deadline;
  std::string max_energy;
  std::string by;
  bool json = false;
};

/// Sorted, each once. Throws UsageError for what is no count.
std::vector<double> counts_of(std::vector<double> counts, const char* flag) {
  for (const double one : counts) {
    if (one < 1 || one > kMostPlannedGpus * kMostPlannedGpus || one != std::floor(one)) {
      throw UsageError(fmt::format("{:g} is no count", one), flag, "whole numbers from 1");
    }
  }
  std::sort(counts.begin(), counts.end());
  counts.erase(std::unique(counts.begin(), counts.end()), counts.end());
  return counts;
}

std::optional<double> samples_of(const PlanFlags& flags) {
  if (flags.samples > 0 && (flags.epochs > 0 || flags.dataset > 0)) {
    throw UsageError("samples are said twice",
                     "--samples",
                     "--samples N, or --epochs N with --dataset N, not both");
  }
  if ((flags.epochs > 0) != (flags.dataset > 0)) {
    throw UsageError("epochs of which data set?",
                     flags.epochs > 0 ? "--epochs" : "--dataset",
                     "--epochs N and --dataset N (samples) belong together");
  }
  if (flags.samples > 0) {
    return flags.samples;
  }
  return flags.epochs > 0 ? std::optional(flags.epochs * flags.dataset) : std::nullopt;
}

void read_limits(PlanRequest& request, const PlanFlags& flags) {
  if (!flags.deadline.empty()) {
    const auto time = parse_duration(flags.deadline);
    if (!time || *time <= Duration::zero()) {
      throw UsageError(fmt::format("'{}' is no time", flags.deadline), "--deadline", "such as 6h");
    }
    request.deadline_s = seconds(*time);
  }
  if (!flags.max_energy.empty()) {
    const auto energy = parse_energy(flags.max_energy);
    if (!energy || energy->microjoules <= 0) {
      throw UsageError(
          fmt::format("'{}' is no energy", flags.max_energy), "--max-energy", "such as '500 kWh'");
    }
    request.energy_max_j = energy->joules();
  }
}

PlanRequest request_of(const PlanFlags& flags) {
  PlanRequest request;
  request.gpus = counts_of(flags.gpus, "--gpus");
  if (request.gpus.back() > kMostPlannedGpus) {
    throw UsageError(fmt::format("{:.0f} GPUs are more than can be planned", request.gpus.back()),
                     "--gpus",
                     fmt::format("up to {:.0f}", kMostPlannedGpus));
  }
  request.global_batches = counts_of(flags.global_batches, "--global-batch");
  request.local_batches = counts_of(flags.local_batches, "--local-batch");
  if (!request.global_batches.empty() && !request.local_batches.empty()) {
    throw UsageError("a batch is given for all GPUs and for each",
                     "--local-batch",
                     "--global-batch or --local-batch, not both");
  }
  request.samples = samples_of(flags);
  if (flags.gpus_per_node > 0) {
    request.gpus_per_node = counts_of({flags.gpus_per_node}, "--gpus-per-node").front();
  }
  read_limits(request, flags);
  return request;
}

/// The setups of the one job there is.
const ScalingGroup& job_of(const ScalingTable& table, const std::string& source) {
  if (table.runs == 0) {
    throw Error(
        "no run can be used to plan from", source, fmt::format("{}", fmt::join(table.notes, "; ")));
  }
  if (table.groups.size() > 1) {
    std::vector<std::string> jobs;
    for (const ScalingGroup& group : table.groups) {
      std::vector<std::string> parts;
      for (const auto& [name, value] : group.factors) {
        parts.push_back(fmt::format("{}={}", name, value));
      }
      jobs.push_back(fmt::format("{}", fmt::join(parts, ",")));
    }
    throw UsageError(fmt::format("these are {} jobs; a plan is for one", jobs.size()),
                     source,
                     fmt::format("name one: {}; or --by none, if they are all one job",
                                 fmt::join(jobs, " or ")));
  }
  const auto& setups = table.groups.front().setups;
  if (std::any_of(setups.begin(), setups.end(), [](const auto& one) { return !one.gpus; })) {
    throw UsageError("the number of GPUs is not known for all runs", source, "add a column 'gpus'");
  }
  return table.groups.front();
}

void add_demand(PlanView& view, const std::vector<RunRow>& runs, const PlanFlags& flags) {
  std::optional<GoalLine> line;
  if (!flags.goal.empty()) {
    line = goal_line(parse_goal(flags.goal), runs);
    view.goal = flags.goal;
  }
  const bool tells_goal = line || std::any_of(runs.begin(), runs.end(), [](const RunRow& run) {
                            return run.reached.has_value();
                          });
  if (!tells_goal && view.goal.empty()) {
    return;
  }
  const DemandFound found = batch_demand(runs, line);
  if (!found.demand && !view.goal.empty() && !view.request.samples) {
    throw Error(found.why, flags.goal, "ask for less, or say how long to train: --samples N");
  }
  view.request.demand = found.demand;
  view.demand_why = found.why;
  if (view.goal.empty()) {
    view.goal = "the goal that the column 'reached' is about";
  }
}

int plan_runs(const PlanFlags& flags) {
  PlanView view;
  view.request = request_of(flags);
  const RunSource source(flags.source);
  const std::vector<RunRow> runs = selected_runs(source, flags.selectors);
  view.source = selection_words(source, flags.selectors);
  const ScalingTable table = scaling_table(runs, factor_list(flags.by));
  const ScalingGroup& job = job_of(table, view.source);
  view.runs = table.runs;
  view.setups = static_cast<int>(job.setups.size());
  view.estimated = table.estimated;
  view.notes = table.notes;
  add_demand(view, runs, flags);
  view.plan = plan_scaling(job.setups, view.request);
  fmt::print("{}", flags.json ? plan_to_json(view) : plan_text(view));
  return 0;
}

std::function<int()> declare(CLI::App& app, const VerbContext& context) {
  const auto flags = std::make_shared<PlanFlags>();
  app.add_option("SEL", flags->selectors, "A sweep, runs, tag:NAME, or NAME=VALUE [all of --from]")
      ->type_name("");
  add_run_source_flags(app, flags->source);
  const auto list = [&](const char* name, std::vector<double>& into, const char* help) {
    return app.add_option(name, into, help)->delimiter(',')->type_name("N,...");
  };
  list("--gpus", flags->gpus, "Numbers of GPUs to plan for, up to 100000")->required();
  list("--global-batch", flags->global_batches, "Samples in a step of all GPUs [as measured]");
  list("--local-batch", flags->local_batches, "Samples in a step of each GPU [as measured]");
  const auto number = [&](const char* name, double& into, const char* help) {
    app.add_option(name, into, help)->check(CLI::PositiveNumber)->type_name("N");
  };
  number("--samples", flags->samples, "Samples to train on in all [as measured]");
  number("--epochs", flags->epochs, "Epochs to train for, with --dataset");
  number("--dataset", flags->dataset, "Samples in the data set, with --epochs");
  number("--gpus-per-node", flags->gpus_per_node, "GPUs in a node [as measured]");
  app.add_option("--goal", flags->goal, "Train until 'val_acc>=0.9' or 'val_loss<=0.3'")
      ->type_name("GOAL");
  app.add_option("--deadline", flags->deadline, "The longest time, such as 6h")->type_name("TIME");
  app.add_option("--max-energy", flags->max_energy, "The most energy, such as '500 kWh'")
      ->type_name("ENERGY");
  app.add_option("--by", flags->by, "Factors that tell jobs apart; 'none': all are one job")
      ->type_name("FACTOR,...");
  app.add_flag("--json", flags->json, "As JSON");
  app.footer(R"(Example:
  gradwatt plan --from runs.csv --gpus 64,128,256 --local-batch 256 --epochs 100 --dataset 1281167
                --deadline 6h     time and energy on more GPUs than were measured, how sure, and
                                  the setup that takes the least energy by then)");
  const bool has_child = context.has_child;
  return [flags, has_child] {
    if (has_child) {
      throw UsageError("plan runs no command", "--", "gradwatt plan SEL... --gpus N,N");
    }
    return plan_runs(*flags);
  };
}

}  // namespace

Verb plan_verb() { return {"plan", "Time and energy on more GPUs, from runs on few", declare}; }

}  // namespace gradwatt
