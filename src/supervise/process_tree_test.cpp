#include "supervise/process_tree.h"

#include <gtest/gtest.h>

#include <unistd.h>

namespace gradwatt {
namespace {

class SteppedClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return now_; }
  [[nodiscard]] WallTime wall() const override { return {}; }
  void pass(double s) { now_ = now_ + from_seconds(s); }

 private:
  Instant now_{1'000'000'000};
};

TEST(ProcessTree, AnswersOnlyWhenItLookedAnew) {
  SteppedClock clock;
  ProcessTree tree(clock);
  EXPECT_EQ(tree.cpu_time(), Duration{});
  tree.follow(::getpid());
  EXPECT_TRUE(tree.cpu_time());
  for (int second = 1; second < 10; ++second) {
    clock.pass(1);
    EXPECT_FALSE(tree.cpu_time()) << second;
  }
  clock.pass(1);
  EXPECT_TRUE(tree.cpu_time());
  tree.ended(from_seconds(7));
  EXPECT_EQ(tree.cpu_time(), from_seconds(7));
  EXPECT_EQ(tree.cpu_time(), from_seconds(7));
}

}  // namespace
}  // namespace gradwatt
