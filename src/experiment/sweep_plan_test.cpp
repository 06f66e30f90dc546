#include "experiment/sweep_plan.h"

#include "base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace gradwatt {
namespace {

using testing::ElementsAre;

constexpr std::uint64_t kSeed = 11;

SweepFile grid(const std::string& rules = "", const std::string& tail = "") {
  return parse_sweep_file("[sweep]\nname = 'g'\ncommand = ['t', '--b={batch}', '--lr={lr}']\n" +
                              rules + "\n[axes]\nbatch = [64, 256]\nlr = [1e-1, 3e-4, 1e-4]\n" +
                              tail,
                          "g.toml");
}

std::vector<std::string> labels(const std::vector<PlannedPoint>& points, int repeats = 1) {
  std::vector<std::string> labels;
  for (const PlannedPoint& point : points) {
    labels.push_back(label_of(point.point, repeats));
  }
  return labels;
}

TEST(PlanSweep, FillsEachCellsTextIntoTheCommand) {
  const auto points = plan_sweep(grid("order = 'sequential'"), kSeed, "");
  ASSERT_EQ(points.size(), 6U);
  EXPECT_THAT(points[1].command, ElementsAre("t", "--b=64", "--lr=3e-4"));
  EXPECT_THAT(points[5].command, ElementsAre("t", "--b=256", "--lr=1e-4"));
  EXPECT_EQ(points[5].position, 6);
}

TEST(PlanSweep, RunsTheRepeatsOfACellInARowWhenSequential) {
  const auto points = plan_sweep(grid("order = 'sequential'\nrepeat = 2"), kSeed, "");
  const auto seen = labels(points, 2);
  EXPECT_EQ(seen[0], "batch=64 lr=1e-1 #1");
  EXPECT_EQ(seen[1], "batch=64 lr=1e-1 #2");
  EXPECT_EQ(seen[2], "batch=64 lr=3e-4 #1");
}

TEST(PlanSweep, PassesOverAllCellsBeforeRepeatingOneWhenInterleaved) {
  const auto points = plan_sweep(grid("repeat = 3"), kSeed, "");
  ASSERT_EQ(points.size(), 18U);
  const auto seen = labels(points);
  for (std::size_t pass = 0; pass < 3; ++pass) {
    const auto begin = seen.begin() + static_cast<std::ptrdiff_t>(pass * 6);
    EXPECT_EQ(std::set<std::string>(begin, begin + 6).size(), 6U);
    EXPECT_EQ(points[pass * 6].point.repeat, static_cast<int>(pass));
  }
  EXPECT_NE(std::vector(seen.begin(), seen.begin() + 6),
            std::vector(seen.begin() + 6, seen.begin() + 12));
}

TEST(PlanSweep, KeepsItsOrderForASeedAndChangesItWithTheSeed) {
  for (const char* order : {"interleaved", "random"}) {
    const SweepFile file = grid("repeat = 4\norder = '" + std::string(order) + "'");
    EXPECT_EQ(labels(plan_sweep(file, 1, ""), 4), labels(plan_sweep(file, 1, ""), 4));
    EXPECT_NE(labels(plan_sweep(file, 1, ""), 4), labels(plan_sweep(file, 2, ""), 4));
  }
}

TEST(PlanSweep, LeavesExcludedCellsOut) {
  const auto points = plan_sweep(
      grid("", "[[exclude]]\nlr = 1e-1\nbatch = 256\n[[exclude]]\nlr = 1e-4\n"), kSeed, "");
  EXPECT_THAT(
      labels(points),
      testing::UnorderedElementsAre("batch=64 lr=1e-1", "batch=64 lr=3e-4", "batch=256 lr=3e-4"));
}

TEST(PlanSweep, RefusesASweepOfWhichNothingIsLeft) {
  EXPECT_THROW(
      (void)plan_sweep(grid("", "[[exclude]]\nbatch = 64\n[[exclude]]\nbatch = 256\n"), kSeed, ""),
      UsageError);
  EXPECT_THROW((void)plan_sweep(
                   grid("default = {batch=64, lr=1e-1}", "[[exclude]]\nbatch = 64\n"), kSeed, ""),
               UsageError);
}

TEST(PlanSweep, GivesEveryPointItsOwnKey) {
  std::set<std::string> keys;
  for (const PlannedPoint& point : plan_sweep(grid("repeat = 5"), kSeed, "")) {
    keys.insert(point.point.key);
  }
  EXPECT_EQ(keys.size(), 30U);
}

TEST(PlanSweep, TurnsAWorkloadsValuesIntoFlags) {
  const SweepFile file = parse_sweep_file(
      "[sweep]\nname='q'\nworkload='fashion-classify'\nrepeat=2\norder='sequential'\n"
      "[axes]\nbatch=[64]\nlr=[1e-1]\n[fixed]\nmax_epochs=8\nquiet=true\ntest=false\n",
      "q.toml");
  EXPECT_THAT(plan_sweep(file, kSeed, "/opt/gradwatt-train")[1].command,
              ElementsAre("/opt/gradwatt-train",
                          "fashion-classify",
                          "--batch=64",
                          "--lr=1e-1",
                          "--max-epochs=8",
                          "--quiet=true",
                          "--test=false",
                          "--seed=2"));
}

TEST(SweepTags, ExplainTheSweepToWhoeverReadsARun) {
  const auto tags = sweep_tags(
      grid("default = {lr = 3e-4, batch = 64}", "[goal]\nmetric='val_acc'\nreach=0.85\n"), kSeed);
  EXPECT_EQ(tags.at("sweep.axes"), R"({"batch":["64","256"],"lr":["1e-1","3e-4","1e-4"]})");
  EXPECT_EQ(tags.at("sweep.default"), R"({"batch":"64","lr":"3e-4"})");
  EXPECT_EQ(tags.at("sweep.goal"), "val_acc>=0.85");
  EXPECT_EQ(tags.at("sweep.seed"), "11");
  EXPECT_EQ(tags.at("sweep.order"), "interleaved");
}

TEST(GoalText, SaysDirectionAndThreshold) {
  EXPECT_EQ(goal_text({"val_acc", 0.85, {}, false}), "val_acc>=0.85");
  EXPECT_EQ(goal_text({"val_loss", 0.3, {}, true}), "val_loss<=0.3");
  EXPECT_EQ(goal_text({"val_acc", {}, 0.01, false}), "val_acc best-0.01");
  EXPECT_EQ(goal_text({"val_loss", {}, 0.01, true}), "val_loss best+0.01");
}

}  // namespace
}  // namespace gradwatt
