#include "cli/conduct_stored_sweep.h"

#include "base/error.h"
#include "cli/live_line.h"
#include "cli/train_program.h"
#include "experiment/conduct_sweep.h"
#include "experiment/local_runner.h"
#include "experiment/progress_text.h"
#include "experiment/search_plan.h"
#include "experiment/stored_attempts.h"
#include "experiment/sweep_folder.h"
#include "experiment/sweep_plan.h"
#include "experiment/sweep_tally.h"
#include "units/clock.h"
#include "units/show.h"

#include <fmt/format.h>

#include <cstdio>
#include <random>

namespace gradwatt {
namespace {

constexpr int kSignalled = 128;
constexpr int kLogLinesShown = 10;

/// Shows a sweep on stderr: one lasting line for each point and, on a terminal, one that changes.
class TerminalWatcher final : public SweepWatcher {
 public:
  TerminalWatcher(const ProgressText& text,
                  std::span<const PlannedPoint> points,
                  const SweepFolder& folder)
      : text_(text), points_(points), folder_(folder) {}

  void waiting_for(const Attempt& leftover) override {
    fmt::print(stderr,
               "gradwatt: waiting for run {}, which an earlier sweep left behind\n",
               leftover.run_id);
  }

  void starting(const PlannedPoint& point) override {
    running_ = &point;
    tick(Duration{});
  }

  void ended(const PlannedPoint& point, const std::vector<Attempt>& attempts, int to_run) override {
    running_ = nullptr;
    results_ = results(attempts);
    line_.show("");
    fmt::print(stderr, "{}\n", text_.ended(point, attempts, to_run));
    const Attempt* attempt = attempt_for(point.point.key, attempts);
    if (attempt == nullptr || attempt->state == RunState::failed) {
      fmt::print(stderr,
                 "{}  its output: {}\n",
                 folder_.end_of_log(point.point.key, kLogLinesShown),
                 folder_.log_of(point.point.key).string());
    }
  }

  void tick(Duration elapsed) {
    if (running_ != nullptr) {
      line_.show(text_.running(*running_, results_, elapsed));
    }
  }

  void count_from(const std::vector<Attempt>& attempts) { results_ = results(attempts); }

 private:
  [[nodiscard]] int results(const std::vector<Attempt>& attempts) const {
    const SweepTally sum = tally(points_, attempts);
    return sum.done + sum.failed;
  }

  const ProgressText& text_;
  std::span<const PlannedPoint> points_;
  const SweepFolder& folder_;
  const PlannedPoint* running_ = nullptr;
  int results_ = 0;
  LiveLine line_;
};

void say_what_may_surprise(const SweepFile& file,
                           const SweepTally& sum,
                           const SweepOutcome& outcome) {
  for (const std::string& name : unused_fixed(file)) {
    fmt::print(stderr, "gradwatt: note: the command does not name {} of [fixed]\n", name);
  }
  if (sum.attempts_elsewhere > 0) {
    fmt::print(stderr,
               "gradwatt: note: {} runs are stored under the name {} that this file does not plan, "
               "from a file with another command or other values\n"
               "  → to keep the two apart, give one of them another name\n",
               sum.attempts_elsewhere,
               file.name);
  }
  if (file.energy_max && outcome.end == SweepEnd::completed && sum.kind == EnergyKind::missing &&
      sum.done > 0) {
    fmt::print(stderr,
               "gradwatt: note: no energy was measured, so max_energy limited nothing\n"
               "  → gradwatt doctor\n");
  }
}

int exit_status_of(const SweepOutcome& outcome, const SweepTally& sum) {
  if (outcome.signal) {
    return kSignalled + *outcome.signal;
  }
  return sum.failed + sum.open > 0 ? kPointsFailedOrLeft : 0;
}

}  // namespace

std::uint64_t seed_for(const SweepFile& file, const Store& store) {
  if (file.seed) {
    return *file.seed;
  }
  if (const auto recorded = recorded_seed(store, file.name)) {
    return *recorded;
  }
  return std::random_device{}();
}

std::string trainer_for(const SweepFile& file, bool name_is_enough) {
  if (file.workload.empty()) {
    return "";
  }
  const auto trainer = find_train_program();
  if (!trainer && !name_is_enough) {
    throw Error("gradwatt-train is neither beside gradwatt nor on PATH",
                file.name,
                "build it (it needs libtorch), or give a command instead of a workload");
  }
  return trainer ? std::filesystem::absolute(*trainer).string() : "gradwatt-train";
}

int conduct_stored_sweep(const SweepFile& file, const Store& store, const SweepSession& session) {
  const std::uint64_t seed = seed_for(file, store);
  return conduct_points(
      file, store, session, {plan_sweep(file, seed, trainer_for(file, false)), seed});
}

int conduct_points(const SweepFile& file,
                   const Store& store,
                   const SweepSession& session,
                   OrderedPoints ordered) {
  const SweepFolder folder(store.root(), file.name);
  const SweepLock lock(store.root(), file.name);
  const std::uint64_t seed = ordered.seed;
  std::vector<PlannedPoint>& points = ordered.points;
  fill_checkpoints(points, folder);
  const ProgressText text(file, points);
  StoredAttempts attempts(store, file.name, file.goal);
  TerminalWatcher watcher(text, points, folder);
  const SystemClock clock;
  const auto tick = [&](Duration elapsed) { watcher.tick(elapsed); };
  LocalRunner runner(
      {own_program(), store.root(), session.folder, sweep_tags(file, seed), tick}, folder, clock);

  const auto before = attempts.read();
  watcher.count_from(before);
  fmt::print(stderr, "{}\n", text.heading(seed));
  const SweepTally so_far = tally(points, before);
  if (so_far.done + so_far.failed > 0) {
    fmt::print(stderr, "kept from before: {} done, {} failed\n", so_far.done, so_far.failed);
  }
  for (const PlannedPoint* point : points_to_run(points, before, session.retry_failed)) {
    std::error_code ignored;  // A point is run whole, so what an interrupted one left is no start.
    std::filesystem::remove(folder.checkpoint_of(point->point.key), ignored);
  }
  const SweepRules rules{
      session.retry_failed, file.stop_on_failure, file.cooldown, file.energy_max};
  const SweepOutcome outcome = conduct_sweep(
      points, rules, [&] { return attempts.read(); }, runner, watcher);

  const auto after = attempts.read();
  const SweepTally sum = tally(points, after);
  fmt::print(stderr, "{}", text.summary(after, outcome, session.again));
  say_what_may_surprise(file, sum, outcome);
  return exit_status_of(outcome, sum);
}

int show_planned_sweep(const SweepFile& file, const Store& store, const SweepSession& session) {
  const std::uint64_t seed = seed_for(file, store);
  const auto points = plan_sweep(file, seed, trainer_for(file, true));
  StoredAttempts attempts(store, file.name, file.goal);
  const auto stored = attempts.read();
  fmt::print("{}", ProgressText(file, points).dry_run(stored, seed, session.retry_failed));
  if (!file.seed && !recorded_seed(store, file.name) && file.order != SweepOrder::sequential) {
    fmt::print(
        "the seed was drawn for this list; the sweep draws its own unless the file has one\n");
  }
  say_what_may_surprise(file, tally(points, stored), {});
  return 0;
}

}  // namespace gradwatt
