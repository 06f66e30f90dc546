#include "analyze/replay_summary.h"

#include "analyze/energy_to_goal.h"
#include "base/closest_name.h"
#include "base/error.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

namespace gradwatt {
namespace {

template <typename Value>
std::vector<double> values_in(const std::vector<SearchReplay>& replays, const Value& value) {
  std::vector<double> values;
  for (const SearchReplay& replay : replays) {
    if (const std::optional<double> one = value(replay)) {
      values.push_back(*one);
    }
  }
  return values;
}

std::optional<double> mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) {
    sum += value;
  }
  return values.empty() ? std::nullopt : std::optional(sum / static_cast<double>(values.size()));
}

std::optional<double> most_of(const std::vector<double>& values) {
  return values.empty() ? std::nullopt
                        : std::optional(*std::max_element(values.begin(), values.end()));
}

std::optional<double> share_in(const SearchReplay& replay) { return replay.share(); }
std::optional<double> regret_in(const SearchReplay& replay) { return replay.regret; }

double recorded_energy(const RunRow& run) {
  double sum = run.outside_epochs_j.value_or(0);
  for (const EpochRow& epoch : run.epochs) {
    sum += epoch.energy_j.value_or(0);
  }
  return energy_spent(run).value_or(sum);
}

void check_recorded(std::span<const RunRow> runs) {
  for (const RunRow& run : runs) {
    for (const EpochRow& epoch : run.epochs) {
      if (!epoch.energy_j) {
        throw UsageError("an epoch without energy cannot be searched",
                         run.run,
                         "fill energy_j, or leave that run out");
      }
    }
  }
}

}  // namespace

double ReplaySummary::share_mean() const {
  return mean_of(values_in(replays, share_in)).value_or(0);
}
double ReplaySummary::share_max() const {
  return most_of(values_in(replays, share_in)).value_or(0);
}
std::optional<double> ReplaySummary::regret_mean() const {
  return mean_of(values_in(replays, regret_in));
}
std::optional<double> ReplaySummary::regret_max() const {
  return most_of(values_in(replays, regret_in));
}
int ReplaySummary::found() const { return static_cast<int>(values_in(replays, regret_in).size()); }

RecordedGrid::RecordedGrid(std::span<const RunRow> runs,
                           const std::vector<GridAxis>& axes,
                           const Goal& goal)
    : runs_(runs), grid_(grid_of(runs, axes, goal)) {
  check_recorded(runs);
  std::map<int, RecordedSetups> repeats;
  for (const RunRow& run : runs) {
    const auto setup = grid_.find(run.factors);
    if (setup && run.outcome == RunOutcome::finished && !run.epochs.empty()) {
      auto& setups = repeats[run.repeat];
      setups.resize(grid_.setups.size());
      setups[*setup] = &run;
    }
  }
  if (repeats.empty()) {
    throw UsageError("no training with epochs to replay",
                     "--from",
                     "a search needs learning curves: one row for each epoch, in a column 'epoch'");
  }
  const bool any = std::any_of(grid_.setups.begin(), grid_.setups.end(), [](const auto& setup) {
    return setup.energy_to_goal_j.has_value();
  });
  if (!any) {
    throw UsageError("no recorded training reaches the goal, so there is nothing to find",
                     "--goal",
                     "choose a goal that some setup reaches");
  }
  repeats_.assign(repeats.begin(), repeats.end());
}

std::vector<std::size_t> RecordedGrid::groups_by(const std::vector<std::string>& axes) const {
  std::vector<std::size_t> positions;
  for (const std::string& name : axes) {
    const auto axis = std::find_if(
        grid_.axes.begin(), grid_.axes.end(), [&](const auto& a) { return a.name == name; });
    if (axis == grid_.axes.end()) {
      std::vector<std::string> known;
      for (const GridAxis& one : grid_.axes) {
        known.push_back(one.name);
      }
      throw UsageError("no axis '" + name + "'", "--profile", known_names(name, known));
    }
    positions.push_back(static_cast<std::size_t>(axis - grid_.axes.begin()));
  }
  std::map<std::vector<std::size_t>, std::size_t> numbers;
  std::vector<std::size_t> groups;
  for (const SetupResult& setup : grid_.setups) {
    std::vector<std::size_t> values;
    for (const std::size_t position : positions) {
      values.push_back(setup.place[position]);
    }
    groups.push_back(numbers.emplace(values, numbers.size()).first->second);
  }
  return groups;
}

std::optional<double> RecordedGrid::regret_of(const SearchOutcome& outcome) const {
  if (!outcome.chosen) {
    return std::nullopt;
  }
  std::optional<double> best;
  for (const SetupResult& setup : grid_.setups) {
    if (setup.energy_to_goal_j && (!best || setup.energy_to_goal_j->value < *best)) {
      best = setup.energy_to_goal_j->value;
    }
  }
  const auto& chosen = grid_.setups[outcome.chosen->setup].energy_to_goal_j;
  return chosen && best ? std::optional(chosen->value / *best - 1) : std::nullopt;
}

ReplaySummary RecordedGrid::replay(const SearchRules& rules) const {
  ReplaySummary summary{rules.strategy, {}};
  for (const auto& [repeat, recorded] : repeats_) {
    const std::vector<SearchCurve> curves = replay_search(rules, recorded);
    SearchReplay replay{repeat, judge_search(rules, curves), 0, {}};
    for (const RunRow* run : recorded) {
      replay.grid_j += run == nullptr ? 0 : recorded_energy(*run);
    }
    replay.regret = regret_of(replay.outcome);
    summary.replays.push_back(std::move(replay));
  }
  return summary;
}

std::vector<std::string> cost_axes(const std::vector<GridAxis>& axes) {
  constexpr std::array<std::string_view, 8> kOptimizerOnly{"lr",
                                                           "learning_rate",
                                                           "learning-rate",
                                                           "momentum",
                                                           "weight_decay",
                                                           "weight-decay",
                                                           "seed",
                                                           "warmup"};
  std::vector<std::string> names;
  for (const GridAxis& axis : axes) {
    const bool is_free = std::any_of(kOptimizerOnly.begin(),
                                     kOptimizerOnly.end(),
                                     [&](std::string_view name) { return axis.name == name; });
    if (!is_free) {
      names.push_back(axis.name);
    }
  }
  return names;
}

}  // namespace gradwatt
