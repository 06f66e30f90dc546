#include "experiment/slurm_arrays.h"

#include "base/error.h"

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

SweepFile sized_sweep(const std::string& launcher) {
  return parse_sweep_file(
      "[sweep]\nname = 's'\nworkload = 'w'\norder = 'sequential'\nrepeat = 2\n"
      "[axes]\nranks = [1, 6, 8]\nlr = [0.1]\n"
      "[fixed]\nmachines = { per = 'ranks', values = [1, 2, 4] }\nnone = 0\n"
      "turn = { per_repeat = [1, 2] }\nlong = { template = '{ranks}' }\n"
      "[launcher]\nkind = 'slurm'\n" +
          launcher,
      "f.toml");
}

std::string refusal_of(const std::string& launcher) {
  try {
    const SweepFile file = sized_sweep(launcher);
    for (const PlannedPoint& point : plan_sweep(file, 1, "t")) {
      static_cast<void>(launcher_of(file, point.point));
    }
    return "";
  } catch (const UsageError& error) {
    return error.what();
  }
}

/// Nodes and tasks of each array, and how many points it has.
std::vector<std::vector<int>> sizes(const SweepFile& file) {
  const auto points = plan_sweep(file, 1, "t");
  std::vector<const PlannedPoint*> all;
  for (const PlannedPoint& point : points) {
    all.push_back(&point);
  }
  std::vector<std::vector<int>> sizes;
  for (const SlurmArray& array : slurm_arrays(file, all)) {
    sizes.push_back(
        {array.launcher.nodes, array.launcher.ntasks, static_cast<int>(array.points.size())});
  }
  return sizes;
}

TEST(SlurmArrays, AreOneForPointsOfOneSize) {
  EXPECT_THAT(sizes(sized_sweep("nodes = 2\nntasks = 8")), ElementsAre(ElementsAre(2, 8, 6)));
  EXPECT_THAT(sizes(sized_sweep("")), ElementsAre(ElementsAre(1, 1, 6)));
}

TEST(SlurmArrays, AreOneForEachSizeThatAnAxisNames) {
  EXPECT_THAT(sizes(sized_sweep("ntasks = 'ranks'\ntasks_per_node = 4")),
              ElementsAre(ElementsAre(1, 1, 2), ElementsAre(2, 6, 2), ElementsAre(2, 8, 2)));
  EXPECT_THAT(sizes(sized_sweep("ntasks = 'ranks'")),
              ElementsAre(ElementsAre(1, 1, 2), ElementsAre(1, 6, 2), ElementsAre(1, 8, 2)));
}

TEST(SlurmArrays, TakeSizesFromFixedValuesThatFollowAnAxisOrTheRepeat) {
  EXPECT_THAT(sizes(sized_sweep("ntasks = 'ranks'\nnodes = 'machines'")),
              ElementsAre(ElementsAre(1, 1, 2), ElementsAre(2, 6, 2), ElementsAre(4, 8, 2)));
  EXPECT_THAT(sizes(sized_sweep("nodes = 'machines'")),
              ElementsAre(ElementsAre(1, 1, 2), ElementsAre(2, 2, 2), ElementsAre(4, 4, 2)))
      << "as many tasks as nodes";
  EXPECT_THAT(sizes(sized_sweep("ntasks = 'turn'")),
              ElementsAre(ElementsAre(1, 1, 3), ElementsAre(1, 2, 3)));
}

TEST(SlurmArrays, HoldAThousandPointsEach) {
  const SweepFile file = sized_sweep("nodes = 2");
  const PlannedPoint point = plan_sweep(file, 1, "t").front();
  const auto arrays = slurm_arrays(file, std::vector(kTasksInArray + 1, &point));
  ASSERT_EQ(arrays.size(), 2U);
  EXPECT_EQ(arrays.front().points.size(), kTasksInArray);
  EXPECT_EQ(arrays.back().points.size(), 1U);
}

TEST(SlurmArrays, RefuseNamesAndSizesThatCannotBe) {
  EXPECT_THAT(refusal_of("ntasks = 'rank'"), HasSubstr("did you mean 'ranks'?"));
  EXPECT_THAT(refusal_of("ntasks = 'rank'"), HasSubstr("f.toml:"));
  EXPECT_THAT(refusal_of("ntasks = 'lr'"), HasSubstr("may be 0.1"));
  EXPECT_THAT(refusal_of("nodes = 'none'"), HasSubstr("may be 0\n"));
  EXPECT_THAT(refusal_of("ntasks = 'long'"), HasSubstr("may be {ranks}"));
  EXPECT_THAT(refusal_of("ntasks = 'ranks'\nnodes = 4"), HasSubstr("fewer tasks (1) than nodes"));
  EXPECT_THAT(refusal_of("tasks_per_node = 4"), HasSubstr("needs 'ntasks'"));
  EXPECT_THAT(refusal_of("tasks_per_node = 4\nntasks = 8\nnodes = 2"),
              HasSubstr("excludes 'nodes'"));
  EXPECT_THAT(refusal_of("tasks_per_node = 4\nntasks = 8\nsbatch = ['--ntasks-per-node=4']"),
              HasSubstr("give one of the two"));
  EXPECT_EQ(refusal_of("tasks_per_node = 4\nntasks = 8"), "");
}

TEST(ProcessCount, IsAWholeNumberFromOne) {
  EXPECT_EQ(process_count("256"), 256);
  for (const char* text : {"", "0", "-1", "4x", " 4", "1000001", "1e2"}) {
    EXPECT_EQ(process_count(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace gradwatt
