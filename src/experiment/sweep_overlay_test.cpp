#include "experiment/sweep_overlay.h"

#include "base/error.h"
#include "experiment/sweep_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

SweepFile frozen_sweep() {
  return parse_sweep_file(R"([sweep]
name = "frozen"
workload = "pamap2-frozen"
repeat = 2
[axes]
batch = [64, 256]
lr = [1e-1]
[fixed]
folder = "encoders"
encoder = { template = "{folder}/{batch}-{lr}-{seed}.safetensors" }
patience = 20
)",
                          "frozen.toml");
}

SweepFile growing_sweep() {
  return parse_sweep_file(R"([sweep]
name = "growing"
workload = "imagenet-classify"
[axes]
ranks = [1, 2, 4]
[fixed]
subset = { per = "ranks", values = [0.25, 0.5, 1] }
)",
                          "growing.toml");
}

TEST(FollowingValue, ChangesWithItsAxis) {
  SweepFile sweep = growing_sweep();
  EXPECT_EQ(values_of(sweep, {{"ranks", "2"}}, 0).at("subset"), "0.5");
  EXPECT_THAT(plan_sweep(sweep, 1, "t").front().command,
              testing::Contains(testing::HasSubstr("--subset=")));
  overlay_sweep(sweep,
                "[all]\nranks = [1, 8]\nsubset = { per = \"ranks\", values = [0.125, 1] }\n",
                "small.toml",
                std::vector<std::string>{"all"});
  EXPECT_EQ(values_of(sweep, {{"ranks", "8"}}, 0).at("subset"), "1");
}

TEST(FollowingValue, HasToBeToldForEachValueOfItsAxis) {
  const auto message = [](const std::string& overlay) {
    SweepFile sweep = growing_sweep();
    try {
      overlay_sweep(sweep, overlay, "small.toml", std::vector<std::string>{"all"});
    } catch (const UsageError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  using testing::HasSubstr;
  EXPECT_THAT(message("[all]\nranks = [1, 8]\n"), HasSubstr("is not told for ranks = 8"));
  EXPECT_THAT(message("[all]\nsubset = { per = \"ranks\", values = [1, 2] }\n"),
              HasSubstr("small.toml:2"));
  EXPECT_THAT(message("[all]\nsubset = { per = \"nodes\", values = [1, 2] }\n"),
              HasSubstr("which is no axis"));
}

TEST(SweepTemplate, IsFilledInForEachCell) {
  const auto points = plan_sweep(frozen_sweep(), 1, "gradwatt-train");
  std::vector<std::string> encoders;
  for (const PlannedPoint& point : points) {
    encoders.push_back(point.command.at(5));
  }
  EXPECT_THAT(encoders,
              testing::UnorderedElementsAre("--encoder=encoders/64-1e-1-1.safetensors",
                                            "--encoder=encoders/64-1e-1-2.safetensors",
                                            "--encoder=encoders/256-1e-1-1.safetensors",
                                            "--encoder=encoders/256-1e-1-2.safetensors"));
}

TEST(SweepTemplate, RefusesANameThatNothingHas) {
  const char* text =
      "[sweep]\nname = \"x\"\nworkload = \"w\"\n[axes]\nbatch = [1]\n"
      "[fixed]\nencoder = { template = \"{bacth}\" }\n";
  try {
    static_cast<void>(parse_sweep_file(text, "x.toml"));
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("x.toml:7:"));
    EXPECT_THAT(error.what(), testing::HasSubstr("called {bacth}"));
    EXPECT_THAT(error.what(), testing::HasSubstr("batch"));
  }
}

constexpr const char* kOverlay = R"([all]
repeat = 1
patience = 3
[pamap2]
patience = 5
batch = [16]
data = "data/pamap2"
[data]
pamap2 = 0.05
)";

TEST(SweepOverlay, AppliesItsTablesInOrder) {
  SweepFile sweep = frozen_sweep();
  const std::vector<std::string> tables{"all", "pamap2", "absent"};
  overlay_sweep(sweep, kOverlay, "small.toml", tables);
  const auto points = plan_sweep(sweep, 1, "gradwatt-train");
  ASSERT_EQ(points.size(), 1U);
  EXPECT_THAT(points[0].command,
              testing::ElementsAre("gradwatt-train",
                                   "pamap2-frozen",
                                   "--batch=16",
                                   "--lr=1e-1",
                                   "--folder=encoders",
                                   "--encoder=encoders/16-1e-1-1.safetensors",
                                   "--patience=5",
                                   "--data=data/pamap2",
                                   "--seed=1"));
}

TEST(SweepOverlay, LeavesOutWhatIsFalseAndKeepsTheTextFalse) {
  SweepFile sweep = frozen_sweep();
  const std::vector<std::string> tables{"all"};
  overlay_sweep(sweep, "[all]\npatience = 3\nmirror = \"false\"\n", "o.toml", tables);
  overlay_sweep(sweep, "[all]\npatience = false\n", "o.toml", tables);
  const auto command = plan_sweep(sweep, 1, "gradwatt-train")[0].command;
  EXPECT_THAT(command, testing::Contains("--mirror=false"));
  EXPECT_THAT(command, testing::Not(testing::Contains(testing::HasSubstr("patience"))));
}

TEST(SweepOverlay, RefusesAListForWhatIsNoAxis) {
  SweepFile sweep = frozen_sweep();
  const std::vector<std::string> tables{"all"};
  EXPECT_THROW(overlay_sweep(sweep, "[all]\nsize = [1]\n", "o.toml", tables), UsageError);
}

TEST(SweepOverlay, GivesASingleValue) {
  EXPECT_EQ(overlay_value(kOverlay, "small.toml", "data", "pamap2"), "0.05");
  EXPECT_EQ(overlay_value(kOverlay, "small.toml", "data", "celeba"), std::nullopt);
}

}  // namespace
}  // namespace gradwatt
