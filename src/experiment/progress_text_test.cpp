#include "experiment/progress_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>

namespace gradwatt {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

/// A sweep of 2 × 2 points in plain order, and attempts at some of them.
class ProgressTextTest : public testing::Test {
 protected:
  void attempt(std::size_t point, RunState state, std::optional<double> joules) {
    Attempt attempt;
    attempt.run_id = std::to_string(attempts_.size());
    attempt.key = points_[point].point.key;
    attempt.state = state;
    attempt.exit_status = state == RunState::failed ? 1 : 0;
    attempt.duration = std::chrono::milliseconds(12300);
    if (joules) {
      attempt.energy = Energy::from_joules(*joules);
      attempt.kind = EnergyKind::estimated;
    }
    attempt.metric = 0.87;
    attempts_.push_back(attempt);
  }

  SweepFile file_ = parse_sweep_file(
      "[sweep]\nname='q'\ncommand=['t','{batch}','{lr}']\norder='sequential'\n"
      "[axes]\nbatch=[64,4096]\nlr=[1e-1,3e-4]\n[goal]\nmetric='val_acc'\nreach=0.85\n",
      "q.toml");
  std::vector<PlannedPoint> points_ = plan_sweep(file_, 7, "");
  ProgressText text_{file_, points_};
  std::vector<Attempt> attempts_;
};

TEST_F(ProgressTextTest, HeadsTheSweepWithItsSizeOrderAndGoal) {
  EXPECT_EQ(text_.heading(7), "q: 2 × 2 cells = 4 points, order sequential, goal val_acc>=0.85");
  file_.order = SweepOrder::interleaved;
  file_.repeat = 2;
  EXPECT_THAT(text_.heading(7), HasSubstr("× 2 repeats = 4 points, order interleaved with seed 7"));
}

TEST_F(ProgressTextTest, ShowsAFinishedPointWithWhatIsLeft) {
  attempt(0, RunState::done, 1240);
  EXPECT_EQ(text_.ended(points_[0], attempts_, 3),
            "[1/4] batch=64 lr=1e-1     done  12.3 s  1.24 kJ (estimated)  val_acc 0.87   "
            "left ≈ 36.9 s, so far 1.24 kJ");
}

TEST_F(ProgressTextTest, ShowsAFailureWithItsStatusAndNoInventedNumbers) {
  attempt(0, RunState::failed, std::nullopt);
  EXPECT_EQ(text_.ended(points_[0], attempts_, 3),
            "[1/4] batch=64 lr=1e-1     failed (exit 1)  12.3 s  energy unknown  val_acc 0.87   "
            "left: unknown yet");
}

TEST_F(ProgressTextTest, CountsAnInterruptedPointAsNoResult) {
  attempt(0, RunState::interrupted, 10);
  EXPECT_THAT(text_.ended(points_[0], attempts_, 3),
              HasSubstr("[0/4] batch=64 lr=1e-1     interrupted"));
}

TEST_F(ProgressTextTest, ShowsThePointThatIsRunning) {
  EXPECT_EQ(text_.running(points_[3], 2, std::chrono::seconds(12)),
            "[2/4] batch=4096 lr=3e-4   running 12 s");
}

TEST_F(ProgressTextTest, SumsUpACompletedSweepAndNamesTheNextStep) {
  for (std::size_t i = 0; i < 4; ++i) {
    attempt(i, RunState::done, 1000);
  }
  EXPECT_EQ(text_.summary(attempts_, {}, "gradwatt sweep q.toml"),
            "q: 4 of 4 points done · 4.00 kJ (estimated)\n"
            "  next       gradwatt recommend q\n");
}

TEST_F(ProgressTextTest, SaysHowToGoOnAfterAStop) {
  attempt(0, RunState::done, 1000);
  attempt(1, RunState::failed, std::nullopt);
  EXPECT_EQ(
      text_.summary(attempts_, {SweepEnd::stopped, SIGINT}, "gradwatt sweep 'my q.toml'"),
      "q: 1 of 4 points done, 1 failed, 2 left · 1.00 kJ (estimated) · the energy of 1 run is "
      "unknown · stopped by a signal\n"
      "  to go on   gradwatt sweep 'my q.toml'\n"
      "  to retry   gradwatt sweep 'my q.toml' --retry-failed\n"
      "  next       gradwatt recommend q\n");
}

TEST_F(ProgressTextTest, SaysThatTheEnergyLimitEndedTheSweep) {
  file_.energy_max = Energy::from_joules(1000);
  attempt(0, RunState::done, 1000);
  const std::string text =
      text_.summary(attempts_, {SweepEnd::energy_limit, {}}, "gradwatt sweep q.toml");
  EXPECT_THAT(text, HasSubstr("stopped at the limit of 1.00 kJ"));
  EXPECT_THAT(text, HasSubstr("raise max_energy in [limit]"));
}

TEST_F(ProgressTextTest, ListsWhatADryRunWouldDo) {
  attempt(1, RunState::done, 1000);
  attempt(2, RunState::failed, 10);
  const std::string text = text_.dry_run(attempts_, 7, false);
  EXPECT_THAT(text, HasSubstr("1  run                batch=64 lr=1e-1     t 64 1e-1\n"));
  EXPECT_THAT(text, HasSubstr("2  skip  done         batch=64 lr=3e-4     t 64 3e-4\n"));
  EXPECT_THAT(text, HasSubstr("3  skip  failed       batch=4096 lr=1e-1   t 4096 1e-1\n"));
  EXPECT_THAT(text,
              EndsWith("to run: 2 of 4 · time ≈ 24.6 s · energy ≈ 2.00 kJ (estimated), from 1 "
                       "point done\n"));
  EXPECT_THAT(text_.dry_run(attempts_, 7, true), HasSubstr("3  run   failed "));
}

TEST_F(ProgressTextTest, AdmitsThatNothingIsKnownBeforeTheFirstPoint) {
  EXPECT_THAT(text_.dry_run({}, 7, false),
              EndsWith("to run: 4 of 4 · time unknown · energy unknown until a point is done\n"));
}

}  // namespace
}  // namespace gradwatt
