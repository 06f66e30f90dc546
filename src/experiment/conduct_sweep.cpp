#include "experiment/conduct_sweep.h"

#include "base/error.h"
#include "experiment/sweep_tally.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>

namespace gradwatt {
namespace {

constexpr Duration kLeftoverPoll = std::chrono::milliseconds(250);

using Attempts = std::vector<Attempt>;

bool limit_reached(std::span<const PlannedPoint> points,
                   const SweepRules& rules,
                   const Attempts& attempts) {
  return rules.energy_max && tally(points, attempts).energy >= *rules.energy_max;
}

std::ptrdiff_t attempts_at(const std::string& key, const Attempts& attempts) {
  return std::count_if(
      attempts.begin(), attempts.end(), [&](const Attempt& attempt) { return attempt.key == key; });
}

}  // namespace

std::optional<int> wait_for_leftovers(const std::function<Attempts()>& read,
                                      PointRunner& runner,
                                      const std::function<void(const Attempt&)>& announce) {
  std::set<std::string> announced;
  while (true) {
    const Attempts attempts = read();
    const auto running = std::find_if(attempts.begin(), attempts.end(), [](const Attempt& attempt) {
      return attempt.state == RunState::running;
    });
    if (running == attempts.end()) {
      return std::nullopt;
    }
    if (announced.insert(running->run_id).second) {
      announce(*running);
    }
    if (const auto signal = runner.pause(kLeftoverPoll)) {
      return signal;
    }
  }
}

std::vector<const PlannedPoint*> points_to_run(std::span<const PlannedPoint> points,
                                               const Attempts& attempts,
                                               bool retry_failed) {
  std::vector<const PlannedPoint*> to_run;
  for (const PlannedPoint& point : points) {
    const PointState state = state_of(point.point.key, attempts);
    if (state != PointState::done && (state != PointState::failed || retry_failed)) {
      to_run.push_back(&point);
    }
  }
  return to_run;
}

SweepOutcome conduct_sweep(std::span<const PlannedPoint> points,
                           const SweepRules& rules,
                           const std::function<Attempts()>& read,
                           PointRunner& runner,
                           SweepWatcher& watcher) {
  if (const auto signal = wait_for_leftovers(
          read, runner, [&](const Attempt& leftover) { watcher.waiting_for(leftover); })) {
    return {SweepEnd::stopped, signal};
  }
  Attempts attempts = read();
  const auto to_run = points_to_run(points, attempts, rules.retry_failed);
  for (std::size_t i = 0; i < to_run.size(); ++i) {
    const PlannedPoint& point = *to_run[i];
    if (limit_reached(points, rules, attempts)) {
      return {SweepEnd::energy_limit, std::nullopt};
    }
    // A pause of no length still notices a signal that came between two points.
    if (const auto signal = runner.pause(i == 0 ? Duration{} : rules.cooldown)) {
      return {SweepEnd::stopped, signal};
    }
    const auto attempts_before = attempts_at(point.point.key, attempts);
    watcher.starting(point);
    const PointRunner::End end = runner.run(point);
    attempts = read();
    watcher.ended(point, attempts, static_cast<int>(to_run.size() - i) - 1);
    if (end.stop_signal) {
      return {SweepEnd::stopped, end.stop_signal};
    }
    if (attempts_at(point.point.key, attempts) == attempts_before) {
      throw Error(
          fmt::format("gradwatt run ended with status {} and stored no run", end.exit_status),
          label_of(point.point, point.point.repeat + 1),
          "its log says why; the sweep goes on from here when it is started again");
    }
    if (rules.stop_on_failure && state_of(point.point.key, attempts) == PointState::failed) {
      return {SweepEnd::failure, std::nullopt};
    }
  }
  return {SweepEnd::completed, std::nullopt};
}

}  // namespace gradwatt
