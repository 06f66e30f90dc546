#include "analyze/study_sweep.h"

#include "analyze/statistics.h"
#include "analyze/variance_shares.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace gradwatt {
namespace {

/// What the epochs of one run add up to.
struct RunSum {
  std::optional<double> energy_j = 0;
  int epochs = 0;
  double eq1_j = 0;     ///< By Equation 1, of the epochs that have both numbers,
  double eq1_of_j = 0;  ///< and their energy.
};

void add_to(std::optional<double>& sum, const std::optional<double>& part) {
  sum = sum && part ? std::optional(*sum + *part) : std::nullopt;
}

RunSum sum_of(const RunRow& run) {
  RunSum sum;
  for (const EpochRow& epoch : run.epochs) {
    if (epoch.complete) {
      ++sum.epochs;
      add_to(sum.energy_j, epoch.energy_j);
      if (epoch.energy_j && epoch.energy_eq1_j) {
        sum.eq1_j += *epoch.energy_eq1_j;
        sum.eq1_of_j += *epoch.energy_j;
      }
    }
  }
  if (sum.epochs == 0 || sum.energy_j.value_or(0) <= 0) {
    sum.energy_j.reset();
  }
  return sum;
}

std::optional<double> best_in(const RunRow& run, const Goal& goal) {
  std::optional<double> best;
  for (const EpochRow& epoch : run.epochs) {
    const auto metric = epoch.metrics.find(goal.metric);
    if (metric == epoch.metrics.end() || !std::isfinite(metric->second)) {
      continue;
    }
    const bool better =
        !best || (goal.smaller_is_better ? metric->second < *best : metric->second > *best);
    best = better ? metric->second : *best;
  }
  return best;
}

std::optional<double> mean_if_any(const std::vector<double>& values) {
  return values.empty() ? std::nullopt : std::optional(spread_of(values).mean);
}

/// Takes  the finished runs of one setup.
void sum_up(StudySetup& setup,
            const std::vector<const RunRow*>& runs,
            const std::optional<Goal>& goal) {
  std::vector<double> totals;
  std::vector<double> epochs;
  std::vector<double> per_epoch;
  std::vector<double> metrics;
  std::vector<double> eq1;
  for (const RunRow* run : runs) {
    const RunSum sum = sum_of(*run);
    if (sum.epochs > 0) {
      epochs.push_back(sum.epochs);
    }
    if (sum.energy_j) {
      totals.push_back(*sum.energy_j);
      per_epoch.push_back(*sum.energy_j / sum.epochs);
    }
    if (sum.eq1_of_j > 0) {
      eq1.push_back(sum.eq1_j / sum.eq1_of_j);
    }
    if (const auto best = goal ? best_in(*run, *goal) : std::nullopt) {
      metrics.push_back(*best);
    }
  }
  if (!totals.empty()) {
    setup.total_j = estimate_of(totals);
  }
  setup.totals_j = std::move(totals);
  setup.epochs = mean_if_any(epochs);
  setup.epoch_j = mean_if_any(per_epoch);
  setup.best_metric = mean_if_any(metrics);
  setup.eq1_ratio = mean_if_any(eq1);
}

std::optional<std::vector<double>> shares_of(const std::vector<StudySetup>& setups,
                                             std::optional<double> StudySetup::*quantity) {
  std::vector<GridNumber> numbers;
  for (const StudySetup& setup : setups) {
    if (setup.*quantity) {
      numbers.push_back({setup.place, std::log(*(setup.*quantity))});
    }
  }
  return variance_shares(numbers);
}

}  // namespace

StudySweep study_sweep(std::string name,
                       std::span<const RunRow> runs,
                       std::vector<GridAxis> axes,
                       std::optional<Goal> goal) {
  const Grid grid = grid_of(runs, std::move(axes), std::move(goal));
  StudySweep sweep;
  sweep.name = std::move(name);
  sweep.axes = grid.axes;
  sweep.goal = grid.goal;
  sweep.line = grid.line;
  sweep.estimated = grid.estimated;
  std::map<std::string, const RunRow*> by_id;
  for (const RunRow& run : runs) {
    by_id[run.run] = &run;
  }
  for (const SetupResult& result : grid.setups) {
    StudySetup setup;
    setup.place = result.place;
    for (std::size_t axis = 0; axis < result.place.size(); ++axis) {
      setup.values.push_back(grid.axes[axis].values[result.place[axis]]);
    }
    setup.state = result.state;
    setup.finished = result.finished;
    setup.failed = result.failed;
    std::vector<const RunRow*> finished;
    for (const std::string& id : result.runs) {
      if (by_id[id]->outcome == RunOutcome::finished) {
        finished.push_back(by_id[id]);
      }
    }
    sum_up(setup, finished, grid.goal);
    sweep.energy_known = sweep.energy_known || setup.total_j.has_value();
    sweep.setups.push_back(std::move(setup));
  }
  sweep.epoch_energy_shares = shares_of(sweep.setups, &StudySetup::epoch_j);
  sweep.epochs_shares = shares_of(sweep.setups, &StudySetup::epochs);
  return sweep;
}

}  // namespace gradwatt
