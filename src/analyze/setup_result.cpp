#include "analyze/setup_result.h"

#include "analyze/energy_to_goal.h"
#include "analyze/epoch_energy.h"
#include "analyze/run_overhead.h"
#include "analyze/statistics.h"
#include "analyze/wasted_tail.h"
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

/// What the runs that missed the goal spent; nullopt when it is not known of one.
using Missed = std::optional<std::vector<double>>;

struct MissedRuns {
  Missed energy_j{std::in_place};
  Missed cost{std::in_place};
};

void add(Missed& missed, const std::optional<double>& number) {
  if (!number) {
    missed.reset();
  } else if (missed) {
    missed->push_back(*number);
  }
}

void add_if_known(std::vector<double>& numbers, const std::optional<double>& number) {
  if (number) {
    numbers.push_back(*number);
  }
}

void add_to_goal(SetupResult& result,
                 const RunRow& run,
                 const SetupQuestion& question,
                 MissedRuns& missed) {
  const auto cost = cost_to_goal(run, *question.goal);
  if (!cost && !tells_goal(run, *question.goal)) {
    ++result.goal_unknown;
    return;
  }
  if (!cost) {
    const auto energy = energy_spent(run);
    add(missed.energy_j, energy);
    add(missed.cost, cost_of(question.minimise, energy, time_spent(run)));
    return;
  }
  ++result.reached;
  if (cost->epochs) {
    result.epochs_to_goal.push_back(std::max(1, *cost->epochs));
  }
  result.outside_unknown = result.outside_unknown || !cost->outside_epochs_known;
  add_if_known(result.energies_to_goal_j, cost->energy_j);
  add_if_known(result.times_to_goal_s, cost->time_s);
  const auto number = cost_of(question.minimise, cost->energy_j, cost->time_s);
  add_if_known(result.costs_to_goal, number);
  result.cost_unknown += number ? 0 : 1;
}

/// The mean over runs that all reached the goal, else what to expect; nullopt when nothing is known
/// of those that reached it, or not all of those that missed it.
std::optional<Estimate> expected(const std::vector<double>& reached,
                                 const Missed& missed,
                                 const SetupResult& result) {
  if (reached.empty() || !missed) {
    return std::nullopt;
  }
  return missed->empty() ? estimate_of(reached)
                         : Estimate{expected_energy(reached, *missed, result.reached),
                                    std::nullopt,
                                    result.judged()};
}

std::optional<Estimate> estimate_if_any(const std::vector<double>& numbers) {
  return numbers.empty() ? std::nullopt : std::optional(estimate_of(numbers));
}

void sum_up_goal(SetupResult& result, const MissedRuns& missed) {
  result.epochs_needed = estimate_if_any(result.epochs_to_goal);
  result.energy_to_goal_j = expected(result.energies_to_goal_j, missed.energy_j, result);
  result.cost_to_goal = expected(result.costs_to_goal, missed.cost, result);
  if (result.reached == result.judged() &&
      result.times_to_goal_s.size() == static_cast<std::size_t>(result.reached)) {
    result.time_to_goal_s = estimate_if_any(result.times_to_goal_s);
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
    const bool known = result.cost_per_epoch || result.cost_per_run;
    return known ? SetupState::measured : SetupState::no_energy;
  }
  if (result.reached == 0) {
    return SetupState::not_reached;
  }
  if (!result.cost_to_goal) {
    return SetupState::no_energy;
  }
  return result.reached == result.judged() ? SetupState::measured : SetupState::partly_reached;
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

namespace {

/// What runs say that is only needed as a mean.
struct WaitShares {
  std::vector<double> starved;
  std::vector<double> idle;
};

void add_finished(SetupResult& result,
                  const RunRow& run,
                  const SetupQuestion& question,
                  WaitShares& waits) {
  result.runs.push_back(run.run);
  const auto epoch = energy_per_epoch(run);
  if (epoch) {
    result.energies_per_epoch_j.push_back(epoch->mean_j);
    result.first_epoch_counted = result.first_epoch_counted || epoch->includes_first;
  }
  const auto epoch_j = epoch ? std::optional(epoch->mean_j) : std::nullopt;
  add_if_known(result.costs_per_epoch, cost_of(question.minimise, epoch_j, time_per_epoch(run)));
  const auto energy = energy_spent(run);
  const auto time = time_spent(run);
  add_if_known(result.energies_per_run_j, energy && *energy > 0 ? energy : std::nullopt);
  add_if_known(result.times_per_run_s, time);
  const auto cost = cost_of(question.minimise, energy, time);
  if (cost && *cost > 0) {
    result.costs_per_run.push_back(*cost);
  }
  if (!question.metric.empty()) {
    add_if_known(result.metrics, best_value(run, question.metric, question.smaller_is_better));
    add_if_known(result.tail_energies_j,
                 wasted_tail(run, question.metric, question.smaller_is_better));
  }
  add_if_known(result.overhead_shares, overhead_share(run));
  add_if_known(waits.starved, starved_share(run));
  add_if_known(waits.idle, run.idle_share);
}

}  // namespace

SetupResult result_of(std::span<const RunRow* const> runs, const SetupQuestion& question) {
  SetupResult result;
  WaitShares waits;
  MissedRuns missed;
  for (const RunRow* run : runs) {
    count(result, *run);
    if (run->outcome != RunOutcome::finished) {
      continue;
    }
    add_finished(result, *run, question, waits);
    if (question.goal) {
      add_to_goal(result, *run, question, missed);
    }
  }
  if (result.finished == 0) {
    for (const RunRow* run : runs) {
      result.runs.push_back(run->run);
    }
  }
  const auto mean_of = [](const std::vector<double>& numbers) {
    return numbers.empty() ? std::nullopt : std::optional(spread_of(numbers).mean);
  };
  result.energy_per_epoch_j = estimate_if_any(result.energies_per_epoch_j);
  result.cost_per_epoch = estimate_if_any(result.costs_per_epoch);
  result.cost_per_run = estimate_if_any(result.costs_per_run);
  result.energy_spent_j = mean_of(result.energies_per_run_j);
  result.time_spent_s = mean_of(result.times_per_run_s);
  result.starved_share = mean_of(waits.starved);
  result.idle_share = mean_of(waits.idle);
  result.metric = mean_of(result.metrics);
  sum_up_goal(result, missed);
  result.state = state_of(result, question.goal.has_value());
  return result;
}

}  // namespace gradwatt
