#include "experiment/conduct_sweep.h"

#include "base/error.h"
#include "experiment/sweep_tally.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <map>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// A store and a machine in memory: points end as told, and time passes at once.
class FakeWorld final : public PointRunner, public SweepWatcher {
 public:
  End run(const PlannedPoint& point) override {
    const std::string label = label_of(point.point, 1);
    started.push_back(label);
    if (label == stores_nothing) {
      return {125, std::nullopt};
    }
    Attempt attempt;
    attempt.run_id = std::to_string(stored.size());
    attempt.key = point.point.key;
    attempt.state = ends.contains(label) ? ends.at(label) : RunState::done;
    attempt.duration = std::chrono::seconds(10);
    attempt.energy = Energy::from_joules(100);
    attempt.kind = EnergyKind::measured;
    stored.push_back(attempt);
    return {0, label == stopped_in ? std::optional(SIGINT) : std::nullopt};
  }
  std::optional<int> pause(Duration time) override {
    pauses.push_back(time);
    for (Attempt& attempt : stored) {
      attempt.state = attempt.state == RunState::running ? leftover_becomes : attempt.state;
    }
    return stop_in_pause;
  }
  void waiting_for(const Attempt& leftover) override { waited_for.push_back(leftover.run_id); }
  void starting(const PlannedPoint& /*point*/) override {}
  void ended(const PlannedPoint& /*point*/,
             const std::vector<Attempt>& attempts,
             int to_run) override {
    EXPECT_EQ(attempts.size(), stored.size()) << "a point is shown after it is stored";
    left.push_back(to_run);
  }

  [[nodiscard]] SweepOutcome conduct(const std::vector<PlannedPoint>& points,
                                     const SweepRules& rules = {}) {
    return conduct_sweep(
        points, rules, [this] { return stored; }, *this, *this);
  }

  std::map<std::string, RunState> ends;
  std::string stopped_in;
  std::string stores_nothing;
  RunState leftover_becomes = RunState::done;
  std::optional<int> stop_in_pause;

  std::vector<Attempt> stored;
  std::vector<std::string> started;
  std::vector<std::string> waited_for;
  std::vector<Duration> pauses;
  std::vector<int> left;
};

std::vector<PlannedPoint> four_points() {
  const SweepFile file = parse_sweep_file(
      "[sweep]\nname='s'\ncommand=['t','{x}']\norder='sequential'\n[axes]\nx=[1,2,3,4]\n",
      "s.toml");
  return plan_sweep(file, 1, "");
}

TEST(ConductSweep, RunsEveryPointOnceInOrder) {
  FakeWorld world;
  EXPECT_EQ(world.conduct(four_points()).end, SweepEnd::completed);
  EXPECT_THAT(world.started, ElementsAre("x=1", "x=2", "x=3", "x=4"));
  EXPECT_THAT(world.left, ElementsAre(3, 2, 1, 0));
}

TEST(ConductSweep, RunsNothingAgainThatIsDone) {
  FakeWorld world;
  (void)world.conduct(four_points());
  world.started.clear();
  EXPECT_EQ(world.conduct(four_points()).end, SweepEnd::completed);
  EXPECT_THAT(world.started, IsEmpty());
}

TEST(ConductSweep, GoesOnWhereItWasStopped) {
  FakeWorld world;
  world.stopped_in = "x=2";
  world.ends["x=2"] = RunState::interrupted;
  const SweepOutcome outcome = world.conduct(four_points());
  EXPECT_EQ(outcome.end, SweepEnd::stopped);
  EXPECT_EQ(outcome.signal, SIGINT);
  world.stopped_in.clear();
  world.ends.clear();
  world.started.clear();
  EXPECT_EQ(world.conduct(four_points()).end, SweepEnd::completed);
  EXPECT_THAT(world.started, ElementsAre("x=2", "x=3", "x=4"));
}

TEST(ConductSweep, KeepsAFailureAsAResultUntilAskedToRetry) {
  FakeWorld world;
  world.ends["x=3"] = RunState::failed;
  EXPECT_EQ(world.conduct(four_points()).end, SweepEnd::completed);
  EXPECT_EQ(world.started.size(), 4U);
  world.started.clear();
  (void)world.conduct(four_points());
  EXPECT_THAT(world.started, IsEmpty());
  SweepRules rules;
  rules.retry_failed = true;
  world.ends.clear();
  (void)world.conduct(four_points(), rules);
  EXPECT_THAT(world.started, ElementsAre("x=3"));
}

TEST(ConductSweep, RetriesAFailureOnceAndNotForEver) {
  FakeWorld world;
  world.ends["x=1"] = RunState::failed;
  SweepRules rules;
  rules.retry_failed = true;
  EXPECT_EQ(world.conduct(four_points(), rules).end, SweepEnd::completed);
  EXPECT_EQ(world.started.size(), 4U);
}

TEST(ConductSweep, StopsAtTheFirstFailureWhenToldTo) {
  FakeWorld world;
  world.ends["x=2"] = RunState::failed;
  SweepRules rules;
  rules.stop_on_failure = true;
  EXPECT_EQ(world.conduct(four_points(), rules).end, SweepEnd::failure);
  EXPECT_THAT(world.started, ElementsAre("x=1", "x=2"));
}

TEST(ConductSweep, StartsNoPointOnceTheEnergyIsSpent) {
  FakeWorld world;
  SweepRules rules;
  rules.energy_max = Energy::from_joules(150);
  EXPECT_EQ(world.conduct(four_points(), rules).end, SweepEnd::energy_limit);
  EXPECT_THAT(world.started, ElementsAre("x=1", "x=2"));
  world.started.clear();
  EXPECT_EQ(world.conduct(four_points(), rules).end, SweepEnd::energy_limit);
  EXPECT_THAT(world.started, IsEmpty()) << "energy of earlier sessions counts";
}

TEST(ConductSweep, CompletesWhenTheLastPointSpendsTheLastOfTheEnergy) {
  FakeWorld world;
  SweepRules rules;
  rules.energy_max = Energy::from_joules(400);
  EXPECT_EQ(world.conduct(four_points(), rules).end, SweepEnd::completed);
}

TEST(ConductSweep, CoolsDownBetweenPointsOnly) {
  FakeWorld world;
  SweepRules rules;
  rules.cooldown = std::chrono::seconds(30);
  (void)world.conduct(four_points(), rules);
  EXPECT_THAT(world.pauses,
              ElementsAre(Duration{}, rules.cooldown, rules.cooldown, rules.cooldown));
}

TEST(ConductSweep, WaitsForARunThatAKilledSweepLeftBehind) {
  FakeWorld world;
  Attempt leftover;
  leftover.run_id = "old";
  leftover.key = four_points()[0].point.key;
  world.stored.push_back(leftover);
  EXPECT_EQ(world.conduct(four_points()).end, SweepEnd::completed);
  EXPECT_THAT(world.waited_for, ElementsAre("old"));
  EXPECT_THAT(world.started, ElementsAre("x=2", "x=3", "x=4")) << "the leftover ended well";
}

TEST(ConductSweep, StopsWithoutStartingWhenASignalComesBetweenPoints) {
  FakeWorld world;
  world.stop_in_pause = SIGTERM;
  const SweepOutcome outcome = world.conduct(four_points());
  EXPECT_EQ(outcome.end, SweepEnd::stopped);
  EXPECT_EQ(outcome.signal, SIGTERM);
  EXPECT_THAT(world.started, IsEmpty());
}

TEST(ConductSweep, FailsWhenARunLeavesNothingInTheStore) {
  FakeWorld world;
  world.stores_nothing = "x=2";
  EXPECT_THROW((void)world.conduct(four_points()), Error);
  EXPECT_THAT(world.started, ElementsAre("x=1", "x=2"));
}

TEST(Tally, CountsEveryPointOnceAndEveryJouleSpent) {
  FakeWorld world;
  world.ends = {{"x=2", RunState::failed}, {"x=3", RunState::interrupted}};
  const auto points = four_points();
  (void)world.conduct(points);
  Attempt stranger;
  stranger.key = "of an older version of the file";
  stranger.state = RunState::done;
  stranger.energy = Energy::from_joules(1e6);
  world.stored.push_back(stranger);
  const SweepTally sum = tally(points, world.stored);
  EXPECT_EQ(sum.points, 4);
  EXPECT_EQ(sum.done, 2);
  EXPECT_EQ(sum.failed, 1);
  EXPECT_EQ(sum.open, 1);
  EXPECT_EQ(sum.energy, Energy::from_joules(400));
  EXPECT_EQ(sum.attempts_elsewhere, 1);
  EXPECT_EQ(sum.kind, EnergyKind::measured);
}

TEST(Tally, LeavesUnknownEnergiesOutAndSaysHowMany) {
  FakeWorld world;
  (void)world.conduct(four_points());
  world.stored[1].energy.reset();
  world.stored[2].kind = EnergyKind::estimated;
  const SweepTally sum = tally(four_points(), world.stored);
  EXPECT_EQ(sum.energy, Energy::from_joules(300));
  EXPECT_EQ(sum.attempts_without_energy, 1);
  EXPECT_EQ(sum.kind, EnergyKind::mixed);
  EXPECT_EQ(sum.energy_mean, Energy::from_joules(100));
}

TEST(Tally, EstimatesTheRestFromTheDonePoints) {
  SweepTally sum;
  EXPECT_EQ(time_for(4, sum, {}), std::nullopt);
  EXPECT_EQ(energy_for(4, sum), std::nullopt);
  EXPECT_EQ(time_for(0, sum, {}), Duration{});
  sum.duration_mean = std::chrono::seconds(10);
  sum.energy_mean = Energy::from_joules(5);
  EXPECT_EQ(time_for(4, sum, std::chrono::seconds(2)), std::chrono::seconds(48));
  EXPECT_EQ(energy_for(4, sum), Energy::from_joules(20));
}

}  // namespace
}  // namespace gradwatt
