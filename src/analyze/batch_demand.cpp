#include "analyze/batch_demand.h"

#include "analyze/critical_batch.h"
#include "analyze/energy_to_goal.h"
#include "analyze/scaling_run.h"
#include "analyze/statistics.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <variant>
#include <vector>

namespace gradwatt {
namespace {

/// Samples up to the first epoch that reaches the line; nullopt when none does.
std::optional<double> samples_of_epochs(const RunRow& run, const GoalLine& line) {
  double sum = 0;
  for (const EpochRow& epoch : run.epochs) {
    if (!epoch.samples) {
      return std::nullopt;
    }
    sum += *epoch.samples;
    if (reaches(epoch, line)) {
      return sum;
    }
  }
  return std::nullopt;
}

bool has_reached(const RunRow& run, const std::optional<GoalLine>& line) {
  if (line) {
    const auto metric = run.metrics.find(line->metric);
    if (metric != run.metrics.end()) {
      return reaches(metric->second, *line);
    }
  }
  return run.reached.value_or(false);
}

std::optional<double> samples_to_goal(const RunRow& run, const std::optional<GoalLine>& line) {
  if (line && !run.epochs.empty()) {
    return samples_of_epochs(run, *line);
  }
  return has_reached(run, line) ? run.samples : std::nullopt;
}

/// Whether a run that tells of the goal did not reach it.
bool missed_goal(const RunRow& run, const std::optional<GoalLine>& line) {
  const auto reaches_it = [&](const EpochRow& epoch) { return reaches(epoch, *line); };
  return line && !run.epochs.empty()
             ? std::none_of(run.epochs.begin(), run.epochs.end(), reaches_it)
             : !has_reached(run, line);
}

/// Which batches reached the goal and which, with all their runs, did not.
void add_batches(BatchDemand& demand,
                 std::span<const RunRow> runs,
                 const std::optional<GoalLine>& line) {
  std::set<double> reached;
  std::set<double> missed;
  for (const RunRow& run : runs) {
    const auto setup = scaling_setup_of(run);
    const auto* known = std::get_if<ScalingSetup>(&setup);
    if (known == nullptr || !known->global_batch) {
      continue;
    }
    const bool tells = line ? tells_goal(run, *line) : run.reached.has_value();
    if (tells && missed_goal(run, line)) {
      missed.insert(*known->global_batch);
    } else if (tells) {
      reached.insert(*known->global_batch);
    }
  }
  demand.batches_reached.assign(reached.begin(), reached.end());
  std::set_difference(missed.begin(),
                      missed.end(),
                      reached.begin(),
                      reached.end(),
                      std::back_inserter(demand.batches_missed));
}

std::string missed_words(const std::vector<double>& batches) {
  return batches.empty() ? ""
                         : fmt::format("; no run with a batch of {:.6g} reached the goal",
                                       fmt::join(batches, " or "));
}

DemandFound fitted_demand(const std::map<double, std::vector<double>>& by_batch, double mean) {
  std::vector<BatchPoint> points;
  for (const auto& [batch, needed] : by_batch) {
    points.push_back({batch, spread_of(needed).mean});
  }
  const auto fitted = epochs_by_batch(points);
  if (!fitted) {
    return {BatchDemand{mean, std::nullopt, false},
            fmt::format("runs that reach the goal have {} {}, three are needed to know whether "
                        "larger batches take more samples; the mean of what was needed is taken",
                        points.size(),
                        points.size() == 1 ? "batch size" : "batch sizes")};
  }
  if (!fitted->critical) {
    return {BatchDemand{fitted->epochs_min, std::nullopt, true},
            fmt::format("with batches of {:.0f} to {:.0f} the goal took the same samples as far as "
                        "these runs tell; beyond that it is not known",
                        points.front().batch,
                        points.back().batch)};
  }
  return {BatchDemand{fitted->epochs_min, fitted->critical, true},
          fmt::format("a batch of {:.0f} takes twice the samples of a small one to the goal (N = "
                      "N_min (1 + B/B_crit), {:.1f} % off), measured with batches of {:.0f} to "
                      "{:.0f}",
                      *fitted->critical,
                      100 * fitted->mean_error,
                      points.front().batch,
                      points.back().batch)};
}

}  // namespace

DemandFound batch_demand(std::span<const RunRow> runs, const std::optional<GoalLine>& line) {
  std::map<double, std::vector<double>> by_batch;
  std::vector<double> all;
  for (const RunRow& run : runs) {
    const auto needed = samples_to_goal(run, line);
    const auto setup = scaling_setup_of(run);
    const auto* known = std::get_if<ScalingSetup>(&setup);
    if (needed && *needed > 0 && known != nullptr) {
      all.push_back(*needed);
      if (known->global_batch) {
        by_batch[*known->global_batch].push_back(*needed);
      }
    }
  }
  if (all.empty()) {
    return {std::nullopt, "no run with known samples reached the goal"};
  }
  DemandFound found = fitted_demand(by_batch, spread_of(all).mean);
  add_batches(*found.demand, runs, line);
  found.why += missed_words(found.demand->batches_missed);
  return found;
}

}  // namespace gradwatt
