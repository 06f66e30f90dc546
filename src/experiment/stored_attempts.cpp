#include "experiment/stored_attempts.h"

#include "base/error.h"

#include <charconv>
#include <cmath>
#include <utility>

namespace gradwatt {
namespace {

Attempt attempt_from(const Manifest& manifest) {
  Attempt attempt;
  attempt.run_id = manifest.run_id;
  attempt.key = manifest.point ? manifest.point->key : "";
  attempt.state = manifest.state;
  attempt.exit_status = manifest.exit_status;
  attempt.duration = manifest.duration;
  if (attempt.state == RunState::failed && was_stopped(attempt.exit_status)) {
    attempt.state = RunState::interrupted;
  }
  return attempt;
}

}  // namespace

StoredAttempts::StoredAttempts(const Store& store, std::string sweep, std::optional<Goal> goal)
    : index_(store), sweep_(std::move(sweep)), goal_(std::move(goal)) {}

std::vector<Attempt> StoredAttempts::read() {
  std::vector<Attempt> attempts;
  for (const StoredRun& run : index_.of_sweep(sweep_)) {
    const auto known = finished_.find(run.manifest.run_id);
    if (known != finished_.end()) {
      attempts.push_back(known->second);
      continue;
    }
    attempts.push_back(attempt_from(run.manifest));
    Attempt& attempt = attempts.back();
    if (attempt.state != RunState::running && add_account(attempt, run)) {
      finished_.emplace(attempt.run_id, attempt);
    }
  }
  return attempts;
}

bool StoredAttempts::add_account(Attempt& attempt, const StoredRun& run) {
  try {
    const RunAccount account = index_.account(run);
    attempt.kind = account.kind;
    if (account.total) {
      attempt.energy = account.total->energy;
    }
    if (goal_) {
      attempt.metric = best_metric(account, *goal_);
    }
    return true;
  } catch (const Error&) {
    // A node file that is damaged or still locked leaves the energy unknown. That does not undo
    // that the command ended, so the point keeps its state; `gradwatt show` says what is wrong.
    return false;
  }
}

std::optional<std::uint64_t> recorded_seed(const Store& store, const std::string& sweep) {
  const std::vector<StoredRun> runs = RunIndex(store).of_sweep(sweep);
  for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
    const auto tag = run->manifest.tags.find("sweep.seed");
    if (tag == run->manifest.tags.end()) {
      continue;
    }
    const std::string& text = tag->second;
    std::uint64_t seed = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
    if (error == std::errc{} && end == text.data() + text.size()) {
      return seed;
    }
  }
  return std::nullopt;
}

std::optional<double> best_metric(const RunAccount& account, const Goal& goal) {
  std::optional<double> best;
  for (const EpochAccount& epoch : account.epochs) {
    const auto metric = epoch.metrics.find(goal.metric);
    if (metric == epoch.metrics.end() || !std::isfinite(metric->second)) {
      continue;
    }
    const double value = metric->second;
    if (!best || (goal.smaller_is_better ? value < *best : value > *best)) {
      best = value;
    }
  }
  return best;
}

}  // namespace gradwatt
