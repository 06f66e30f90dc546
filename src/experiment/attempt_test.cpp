#include "experiment/attempt.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

Attempt attempt(const char* id, RunState state) {
  Attempt attempt;
  attempt.run_id = id;
  attempt.key = "k";
  attempt.state = state;
  return attempt;
}

TEST(StateOf, IsOpenForAPointThatWasNeverStarted) {
  EXPECT_EQ(state_of("k", {}), PointState::open);
  EXPECT_EQ(state_of("other", {attempt("1", RunState::done)}), PointState::open);
}

TEST(StateOf, KeepsADonePointDoneWhateverCameAfter) {
  EXPECT_EQ(state_of("k", {attempt("1", RunState::done), attempt("2", RunState::failed)}),
            PointState::done);
}

TEST(StateOf, TakesTheNewestAttemptWhenNoneIsDone) {
  const std::vector<Attempt> failed_last{attempt("1", RunState::interrupted),
                                         attempt("2", RunState::failed)};
  EXPECT_EQ(state_of("k", failed_last), PointState::failed);
  const std::vector<Attempt> stopped_last{attempt("1", RunState::failed),
                                          attempt("2", RunState::interrupted)};
  EXPECT_EQ(state_of("k", stopped_last), PointState::open);
}

TEST(AttemptFor, IsTheRunningOneBeforeAllOthers) {
  const std::vector<Attempt> attempts{attempt("1", RunState::running),
                                      attempt("2", RunState::done)};
  EXPECT_EQ(attempt_for("k", attempts)->run_id, "1");
}

TEST(AttemptFor, IsTheNewestOfSeveralDoneOnes) {
  const std::vector<Attempt> attempts{attempt("1", RunState::done), attempt("2", RunState::done)};
  EXPECT_EQ(attempt_for("k", attempts)->run_id, "2");
}

TEST(WasStopped, KnowsTheSignalsThatPeopleSend) {
  EXPECT_TRUE(was_stopped(130));
  EXPECT_TRUE(was_stopped(143));
  EXPECT_TRUE(was_stopped(129));
  EXPECT_FALSE(was_stopped(137)) << "SIGKILL is also what running out of memory looks like";
  EXPECT_FALSE(was_stopped(1));
  EXPECT_FALSE(was_stopped(std::nullopt));
}

}  // namespace
}  // namespace gradwatt
