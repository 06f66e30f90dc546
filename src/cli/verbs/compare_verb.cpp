#include "analyze/environment_difference.h"
#include "analyze/fail_condition.h"
#include "analyze/goal.h"
#include "analyze/run_comparison.h"
#include "base/closest_name.h"
#include "base/error.h"
#include "cli/catalog.h"
#include "cli/named_sides.h"
#include "cli/run_source.h"
#include "report/comparison_json.h"
#include "report/comparison_text.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <set>

namespace gradwatt {
namespace {

constexpr int kConditionMet = 1;
constexpr int kConditionUnknown = 2;

struct CompareFlags {
  SideFlags sides;
  RunSourceFlags source;
  std::string goal;
  std::vector<std::string> metrics;
  std::string metric_of = "best";
  double band_percent = 5;
  double accuracy_band = 0.01;
  bool paired = false;
  std::vector<std::string> allowed;
  std::vector<std::string> fail_if;
  std::string fail_on = "interval";
  bool json = false;
};

void add_metrics(const RunRow& run, std::set<std::string>& names) {
  for (const auto& [name, value] : run.metrics) {
    names.insert(name);
  }
  for (const EpochRow& epoch : run.epochs) {
    for (const auto& [name, value] : epoch.metrics) {
      names.insert(name);
    }
  }
}

std::set<std::string> metrics_in(const std::vector<SideRuns>& sides) {
  std::set<std::string> names;
  for (const SideRuns& side : sides) {
    for (const RunRow& run : side.runs) {
      add_metrics(run, names);
    }
  }
  return names;
}

/// The goal of the sweep that all runs are of; nullopt when they are of several, or have none.
std::optional<Goal> goal_of_sweep(const std::vector<SideRuns>& sides) {
  std::set<std::string> goals;
  for (const SideRuns& side : sides) {
    for (const RunRow& run : side.runs) {
      const auto tag = run.tags.find("sweep.goal");
      goals.insert(tag == run.tags.end() ? "" : tag->second);
    }
  }
  const bool one = goals.size() == 1 && !goals.begin()->empty();
  return one ? std::optional(parse_goal(*goals.begin())) : std::nullopt;
}

void expect_metric(const std::string& name, const char* flag, const std::set<std::string>& there) {
  if (there.find(name) == there.end()) {
    throw UsageError(fmt::format("no run has the metric '{}'", name),
                     flag,
                     there.empty() ? "these runs have no metrics"
                                   : known_names(name, std::vector(there.begin(), there.end())));
  }
}

void expect_name(const FailCondition& condition, const std::set<std::string>& metrics_there) {
  if (metrics_there.count(condition.metric) > 0) {
    return;
  }
  std::vector<std::string> names(metrics_there.begin(), metrics_there.end());
  for (const RunQuantity quantity : kRunQuantities) {
    names.emplace_back(name_of(quantity));
  }
  throw UsageError(
      fmt::format("'{}' is neither a quantity nor a metric of these runs", condition.metric),
      "--fail-if",
      known_names(condition.metric, names));
}

ComparisonPlan plan_of(const CompareFlags& flags,
                       const std::vector<SideRuns>& sides,
                       const std::vector<FailCondition>& conditions,
                       const std::set<std::string>& metrics_there) {
  ComparisonPlan plan;
  plan.goal = flags.goal.empty() ? goal_of_sweep(sides) : parse_goal(flags.goal);
  plan.band = flags.band_percent / 100;
  plan.accuracy_band = flags.accuracy_band;
  plan.paired = flags.paired;
  const auto add = [&](const std::string& name, const char* flag) {
    expect_metric(name, flag, metrics_there);
    const bool known = std::any_of(plan.metrics.begin(), plan.metrics.end(), [&](const auto& one) {
      return one.name == name;
    });
    if (!known) {
      const bool in_goal = plan.goal && plan.goal->metric == name;
      plan.metrics.push_back({name,
                              in_goal ? plan.goal->smaller_is_better : sounds_like_a_loss(name),
                              flags.metric_of == "last" ? MetricOf::last : MetricOf::best});
    }
  };
  for (const std::string& metric : flags.metrics) {
    add(metric, "--metric");
  }
  for (const FailCondition& condition : conditions) {
    if (!condition.quantity) {
      expect_name(condition, metrics_there);
      add(condition.metric, "--fail-if");
    }
  }
  if (plan.goal && (!flags.goal.empty() || metrics_there.count(plan.goal->metric) > 0)) {
    add(plan.goal->metric, "--goal");
  }
  return plan;
}

/// Throws UsageError when the sides were not measured alike and nobody asked for it anyway.
std::vector<EnvironmentDifference> told_differences(const CompareFlags& flags,
                                                    const RunSource& source,
                                                    const std::vector<SideRuns>& sides) {
  auto differences = environment_differences(sides, factor_named(flags.sides.by));
  std::vector<EnvironmentDifference> forbidding;
  for (const EnvironmentDifference& difference : differences) {
    const auto allowed = [&](const std::string& name) {
      return std::find(flags.allowed.begin(), flags.allowed.end(), name) != flags.allowed.end();
    };
    if (difference.forbids && !source.is_table() && !allowed("all") && !allowed(difference.name)) {
      forbidding.push_back(difference);
    }
  }
  if (!forbidding.empty()) {
    throw UsageError(
        fmt::format(
            "the sides were not measured alike, so that a difference may come from that: {}",
            difference_lines(forbidding)),
        "",
        fmt::format("--allow-different {} (or all) compares them anyway", forbidding.front().name));
  }
  return differences;
}

int exit_status_of(const ComparisonView& view) {
  bool unknown = false;
  for (const JudgedCondition& judged : view.conditions) {
    for (const ConditionOutcome& outcome : judged.outcomes) {
      if (outcome.met == true) {
        return kConditionMet;
      }
      unknown = unknown || !outcome.met;
    }
  }
  if (unknown) {
    fmt::print(stderr, "gradwatt: a condition could not be judged: its number is not known\n");
  }
  return unknown ? kConditionUnknown : 0;
}

int compare_runs(const CompareFlags& flags) {
  std::vector<FailCondition> conditions;
  for (const std::string& text : flags.fail_if) {
    conditions.push_back(parse_fail_condition(text));
  }
  const RunSource source(flags.source);
  const std::vector<SideRuns> sides = sides_from(flags.sides, source);
  const std::set<std::string> metrics_there = metrics_in(sides);
  ComparisonView view;
  view.by = factor_named(flags.sides.by);
  view.differences = told_differences(flags, source, sides);
  view.plan = plan_of(flags, sides, conditions, metrics_there);
  view.metrics_there.assign(metrics_there.begin(), metrics_there.end());
  view.comparison = compare_sides(sides, view.plan);
  const FailOn fail_on = flags.fail_on == "point" ? FailOn::point : FailOn::interval;
  for (const FailCondition& condition : conditions) {
    if (condition.quantity && is_to_goal(*condition.quantity) && !view.plan.goal) {
      throw UsageError(fmt::format("'{}' needs a goal", condition.text),
                       "--fail-if",
                       "add --goal 'val_acc>=0.9'");
    }
    view.conditions.push_back({condition, outcomes_of(condition, view.comparison, fail_on)});
  }
  fmt::print("{}", flags.json ? comparison_to_json(view) : comparison_as_text(view));
  return exit_status_of(view);
}

void declare_judging_flags(CLI::App& app, CompareFlags& flags) {
  app.add_option("--goal",
                 flags.goal,
                 "Energy to reach 'val_acc>=0.9', 'val_loss<=0.3' or 'val_acc best-0.01' [the "
                 "sweep's]")
      ->type_name("GOAL");
  app.add_option("--metric", flags.metrics, "Compare this metric as well [the goal's]")
      ->type_name("NAME")
      ->allow_extra_args(false);
  app.add_option("--metric-of", flags.metric_of, "Which of a run's values: best or last [best]")
      ->check(CLI::IsMember({"best", "last"}))
      ->type_name("");
  app.add_option("--band", flags.band_percent, "A change below this many percent is none [5]")
      ->check(CLI::Range(0.01, 99.0))
      ->type_name("%");
  app.add_option("--accuracy-band",
                 flags.accuracy_band,
                 "A metric may be worse by this much without being said to [0.01]")
      ->check(CLI::NonNegativeNumber)
      ->type_name("X");
  app.add_option("--fail-if",
                 flags.fail_if,
                 "Exit with 1 when so: 'energy_per_epoch > +5%', 'val_acc < -0.01'")
      ->type_name("CONDITION")
      ->allow_extra_args(false);
  app.add_option("--fail-on", flags.fail_on, "What has to be beyond: interval or point [interval]")
      ->check(CLI::IsMember({"interval", "point"}))
      ->type_name("");
}

std::function<int()> declare(CLI::App& app, const VerbContext& context) {
  const auto flags = std::make_shared<CompareFlags>();
  app.add_option("RUNS",
                 flags->sides.selectors,
                 "What is compared with the first: runs (all of a name), tag:NAME=VALUE, "
                 "batch=64,lr=0.1, SWEEP:batch=64; with --by, where runs are taken from")
      ->type_name("");
  add_run_source_flags(app, flags->source);
  app.add_option("--by", flags->sides.by, "Compare the values of this factor, all else equal")
      ->type_name("FACTOR");
  app.add_option(
         "--against", flags->sides.against, "The value that others are compared with [the first]")
      ->type_name("VALUE");
  declare_judging_flags(app, *flags);
  app.add_flag("--paired", flags->paired, "Compare runs of equal repeat with each other");
  app.add_option("--allow-different",
                 flags->allowed,
                 "Compare although this differs between the machines: its name, or all")
      ->type_name("NAME")
      ->allow_extra_args(false);
  app.add_flag("--json", flags->json, "As JSON");
  const bool has_child = context.has_child;
  return [flags, has_child] {
    if (has_child) {
      throw UsageError("compare runs no command", "--", "gradwatt compare A B");
    }
    return compare_runs(*flags);
  };
}

}  // namespace

Verb compare_verb() {
  return {"compare", "Which of several ways needs less, by how much, and is that sure", declare};
}

}  // namespace gradwatt
