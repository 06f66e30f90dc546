#include "analyze/setup_result.h"

#include "analyze/energy_to_goal.h"
#include "analyze/epoch_energy.h"
#include "analyze/statistics.h"
#include "base/expects.h"

#include <algorithm>

namespace gradwatt {
namespace {

void count(SetupResult& result, const RunRow& run) {
  switch (run.outcome) {
    case RunOutcome::finished:
      ++result.finished;
      break;
    case RunOutcome::failed:
      ++result.failed;
      break;
    case RunOutcome::unfinished:
      ++result.unfinished;
      if (run.stopped_by_search) {
        ++result.stopped;
        result.stopped_at_j =
            std::max(result.stopped_at_j.value_or(0), energy_spent(run).value_or(0));
      }
      break;
  }
}

/// Energies of the runs that missed the goal; nullopt when one is not known.
using Missed = std::optional<std::vector<double>>;

void add_to_goal(SetupResult& result, const RunRow& run, const GoalLine& goal, Missed& missed) {
  const auto cost = cost_to_goal(run, goal);
  if (cost) {
    ++result.reached;
    result.epochs_to_goal.push_back(std::max(1, cost->epochs));
    result.outside_unknown = result.outside_unknown || !cost->outside_epochs_known;
    if (cost->energy_j) {
      result.energies_to_goal_j.push_back(*cost->energy_j);
    }
    return;
  }
  const auto spent = energy_spent(run);
  if (!spent) {
    missed.reset();
  } else if (missed) {
    missed->push_back(*spent);
  }
}

void sum_up_goal(SetupResult& result, const Missed& missed) {
  if (!result.epochs_to_goal.empty()) {
    result.epochs_needed = estimate_of(result.epochs_to_goal);
  }
  const bool all_energies_known =
      result.reached > 0 &&
      result.energies_to_goal_j.size() == static_cast<std::size_t>(result.reached);
  if (!all_energies_known || !missed) {
    return;
  }
  if (missed->empty()) {
    result.energy_to_goal_j = estimate_of(result.energies_to_goal_j);
  } else {
    result.energy_to_goal_j = Estimate{
        expected_energy(result.energies_to_goal_j, *missed), std::nullopt, result.finished};
  }
}

SetupState state_of(const SetupResult& result, bool has_goal) {
  if (result.finished == 0) {
    return result.stopped > 0      ? SetupState::stopped
           : result.failed > 0     ? SetupState::failed
           : result.unfinished > 0 ? SetupState::unfinished
                                   : SetupState::not_run;
  }
  if (!has_goal) {
    return result.energy_per_epoch_j ? SetupState::measured : SetupState::no_energy;
  }
  if (result.reached == 0) {
    return SetupState::not_reached;
  }
  if (!result.energy_to_goal_j) {
    return SetupState::no_energy;
  }
  return result.reached == result.finished ? SetupState::measured : SetupState::partly_reached;
}

}  // namespace

const char* name_of(SetupState state) {
  switch (state) {
    case SetupState::measured:
      return "measured";
    case SetupState::partly_reached:
      return "partly_reached";
    case SetupState::not_reached:
      return "not_reached";
    case SetupState::no_energy:
      return "no_energy";
    case SetupState::failed:
      return "failed";
    case SetupState::stopped:
      return "stopped";
    case SetupState::unfinished:
      return "unfinished";
    case SetupState::not_run:
      return "not_run";
  }
  expects(false, "a known state of a setup");
  return "";
}

SetupResult result_of(std::span<const RunRow* const> runs, const std::optional<GoalLine>& goal) {
  SetupResult result;
  std::vector<double> spent;
  Missed missed{std::in_place};
  for (const RunRow* run : runs) {
    count(result, *run);
    if (run->outcome != RunOutcome::finished) {
      continue;
    }
    result.runs.push_back(run->run);
    if (const auto energy = energy_per_epoch(*run)) {
      result.energies_per_epoch_j.push_back(energy->mean_j);
      result.first_epoch_counted = result.first_epoch_counted || energy->includes_first;
    }
    if (const auto used = energy_spent(*run)) {
      spent.push_back(*used);
    }
    if (goal) {
      add_to_goal(result, *run, *goal, missed);
    }
  }
  if (result.finished == 0) {
    for (const RunRow* run : runs) {
      result.runs.push_back(run->run);
    }
  }
  if (!result.energies_per_epoch_j.empty()) {
    result.energy_per_epoch_j = estimate_of(result.energies_per_epoch_j);
  }
  if (!spent.empty()) {
    result.energy_spent_j = spread_of(spent).mean;
  }
  sum_up_goal(result, missed);
  result.state = state_of(result, goal.has_value());
  return result;
}

}  // namespace gradwatt
