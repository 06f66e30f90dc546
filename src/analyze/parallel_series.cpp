#include "analyze/parallel_series.h"

#include "analyze/grid.h"
#include "analyze/parallel_paper.h"
#include "analyze/statistics.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

namespace gradwatt {
namespace {

/// A positive number behind a name: what the run says of itself, else what its axes say.
std::optional<double> number_of(const RunRow& run, const std::string& name) {
  std::string text;
  if (const auto param = run.params.find(name); param != run.params.end()) {
    text = param->second;
  } else {
    for (const auto& [factor, value] : run.factors) {
      text = factor == name ? value : text;
    }
  }
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_number = error == std::errc{} && end == text.data() + text.size();
  return is_number && std::isfinite(number) && number > 0 ? std::optional(number) : std::nullopt;
}

/// What a run did inside its epochs; nullopt unless all of it is known.
std::optional<ParallelTraining> training_of(const RunRow& run) {
  const auto devices = number_of(run, "ranks");
  if (!devices) {
    return std::nullopt;
  }
  ParallelTraining sum{*devices, static_cast<double>(run.nodes.value_or(1)), 0, 0, 0, 0};
  for (const EpochRow& epoch : run.epochs) {
    if (!epoch.complete) {
      continue;
    }
    if (!epoch.energy_j || !epoch.samples || !epoch.steps) {
      return std::nullopt;
    }
    sum.samples += *epoch.samples;
    sum.updates += *epoch.steps;
    sum.time_s += epoch.duration_s;
    sum.energy_j += *epoch.energy_j;
  }
  const bool is_whole = sum.samples > 0 && sum.time_s > 0 && sum.energy_j > 0;
  return is_whole ? std::optional(sum) : std::nullopt;
}

std::optional<double> last_metric(const RunRow& run, const std::string& metric) {
  if (run.epochs.empty()) {
    return std::nullopt;
  }
  const auto& metrics = run.epochs.back().metrics;
  const auto found = metrics.find(metric);
  return found != metrics.end() && std::isfinite(found->second) ? std::optional(found->second)
                                                                : std::nullopt;
}

/// Leaves those that have seen the most samples.
void leave_whole_runs(std::vector<ParallelTraining>& runs) {
  double most = 0;
  for (const ParallelTraining& run : runs) {
    most = std::max(most, run.samples);
  }
  std::erase_if(runs, [&](const ParallelTraining& run) { return run.samples < most; });
}

bool has_cut_epoch(const RunRow& run) {
  return std::any_of(
      run.epochs.begin(), run.epochs.end(), [](const EpochRow& epoch) { return !epoch.complete; });
}

/// The mean over runs of one number of them.
ParallelTraining mean_training(const std::vector<ParallelTraining>& runs) {
  ParallelTraining mean{0, 0, 0, 0, 0, 0};
  const auto n = static_cast<double>(runs.size());
  for (const ParallelTraining& run : runs) {
    mean.devices += run.devices / n;
    mean.nodes += run.nodes / n;
    mean.samples += run.samples / n;
    mean.updates += run.updates / n;
    mean.time_s += run.time_s / n;
    mean.energy_j += run.energy_j / n;
  }
  return mean;
}

void sum_up_point(ParallelPoint& point,
                  const std::vector<const RunRow*>& runs,
                  const std::string& metric) {
  std::vector<ParallelTraining> trainings;
  std::vector<double> energies;
  std::vector<double> metrics;
  for (const RunRow* run : runs) {
    if (const auto training = training_of(*run)) {
      trainings.push_back(*training);
    }
    point.cut += has_cut_epoch(*run) ? 1 : 0;
    if (const auto value = last_metric(*run, metric)) {
      metrics.push_back(*value);
    }
    point.global_batch = number_of(*run, "global_batch");
    point.local_batch = number_of(*run, "local_batch");
  }
  leave_whole_runs(trainings);
  for (const ParallelTraining& training : trainings) {
    energies.push_back(training.energy_j);
  }
  if (!trainings.empty()) {
    point.training = mean_training(trainings);
    point.energy_j = estimate_of(energies);
    point.runs = static_cast<int>(trainings.size());
    const double devices = point.training->devices;
    if (!point.global_batch && point.local_batch) {
      point.global_batch = *point.local_batch * devices;
    } else if (!point.local_batch && point.global_batch) {
      point.local_batch = *point.global_batch / devices;
    }
  }
  if (!metrics.empty()) {
    const Spread spread = spread_of(metrics);
    point.metric = spread.mean;
    if (spread.variance) {
      point.metric_error = std::sqrt(*spread.variance / spread.n);
    }
  }
}

void compare_points(std::vector<ParallelPoint>& points) {
  const ParallelPoint* fewest = nullptr;
  for (const ParallelPoint& point : points) {
    if (point.training &&
        (fewest == nullptr || point.training->devices < fewest->training->devices)) {
      fewest = &point;
    }
  }
  for (ParallelPoint& point : points) {
    if (point.training && fewest != nullptr) {
      point.speed_up = speed_up(*point.training, *fewest->training);
      point.efficiency = parallel_efficiency(*point.training, *fewest->training);
    }
  }
}

bool is_same_training(const ParallelTraining& a, const ParallelTraining& b) {
  return a.devices == b.devices && a.samples == b.samples && a.updates == b.updates;
}

}  // namespace

ParallelSeries parallel_series(std::string name,
                               std::span<const RunRow> runs,
                               std::vector<GridAxis> axes,
                               const std::optional<Goal>& goal) {
  const Grid grid = grid_of(runs, std::move(axes), goal);
  ParallelSeries series;
  series.workload = name.substr(0, name.find('-'));
  series.name = std::move(name);
  series.axes = grid.axes;
  series.estimated = grid.estimated;
  if (goal) {
    series.metric = goal->metric;
    series.smaller_is_better = goal->smaller_is_better;
  }
  std::map<std::string, const RunRow*> by_id;
  for (const RunRow& run : runs) {
    by_id[run.run] = &run;
  }
  for (const SetupResult& setup : grid.setups) {
    ParallelPoint& point = series.points.emplace_back();
    for (std::size_t axis = 0; axis < setup.place.size(); ++axis) {
      point.values.push_back(grid.axes[axis].values[setup.place[axis]]);
    }
    point.state = setup.state;
    point.finished = setup.finished;
    point.failed = setup.failed;
    std::vector<const RunRow*> finished;
    for (const std::string& id : setup.runs) {
      if (by_id[id]->outcome == RunOutcome::finished) {
        finished.push_back(by_id[id]);
      }
    }
    sum_up_point(point, finished, series.metric);
  }
  compare_points(series.points);
  return series;
}

ParallelSeries paper_series(const std::string& part) {
  ParallelSeries series;
  series.name = "imagenet-growing-" + part;
  series.workload = "imagenet";
  constexpr int kRepeats = 5;
  for (const PaperTraining& one : paper_trainings()) {
    if (one.series != part) {
      continue;
    }
    ParallelPoint& point = series.points.emplace_back();
    point.state = SetupState::measured;
    point.finished = kRepeats;
    point.runs = kRepeats;
    point.training = one.training;
    point.energy_j = Estimate{one.training.energy_j, std::nullopt, kRepeats};
    point.local_batch = one.local_batch;
    point.global_batch = one.global_batch;
  }
  compare_points(series.points);
  return series;
}

std::vector<ParallelTraining> trainings_in(const ParallelSeries& series) {
  std::vector<ParallelTraining> trainings;
  for (const ParallelPoint& point : series.points) {
    if (point.training) {
      trainings.push_back(*point.training);
    }
  }
  return trainings;
}

std::vector<ParallelTraining> distinct_trainings(std::span<const ParallelSeries> series,
                                                 const std::string& workload) {
  std::vector<ParallelTraining> distinct;
  for (const ParallelSeries& one : series) {
    if (one.workload != workload) {
      continue;
    }
    for (const ParallelTraining& training : trainings_in(one)) {
      const auto is_same = [&](const auto& other) { return is_same_training(training, other); };
      if (std::none_of(distinct.begin(), distinct.end(), is_same)) {
        distinct.push_back(training);
      }
    }
  }
  return distinct;
}

}  // namespace gradwatt
