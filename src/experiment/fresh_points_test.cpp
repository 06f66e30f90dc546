#include "experiment/fresh_points.h"

#include "base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

SweepFile swept(const std::string& seed) {
  return parse_sweep_file(
      "[sweep]\nname='s'\ncommand=['train','{lr}','{seed}']\nrepeat=2\n[axes]\nlr=[1,2]\n"
      "[fixed]\n" +
          seed,
      "s.toml");
}

std::vector<std::string> commands_of(const std::vector<PlannedPoint>& points) {
  std::vector<std::string> texts;
  for (const PlannedPoint& point : points) {
    texts.push_back(point.command[1] + "/" + point.command[2]);
  }
  return texts;
}

const std::vector<std::vector<Factor>> kBoth{{{"lr", "1"}}, {{"lr", "2"}}};

TEST(FreshPoints, TakeTurnsWithSeedsThatAreNew) {
  const auto points = plan_fresh(swept(""), kBoth, 2, "");
  EXPECT_THAT(commands_of(points), testing::ElementsAre("1/3", "2/3", "2/4", "1/4"));
  EXPECT_EQ(points[0].point.sweep, "s.fresh");
  EXPECT_EQ(points[3].point.repeat, 3);
  EXPECT_NE(points[0].point.key, points[3].point.key);
}

TEST(FreshPoints, SayWhichValueEndsBeforeThem) {
  EXPECT_THROW((void)plan_fresh(swept("seed={per_repeat=[7,8]}"), kBoth, 1, ""), UsageError);
  EXPECT_THAT(commands_of(plan_fresh(swept("seed={per_repeat=[7,8,9]}"), kBoth, 1, "")),
              testing::ElementsAre("1/9", "2/9"));
}

}  // namespace
}  // namespace gradwatt
