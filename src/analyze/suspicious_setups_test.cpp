#include "analyze/suspicious_setups.h"

#include "analyze/study1_table_test.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

std::vector<SuspiciousSetup> suspicious_in(const char* dataset, const char* device) {
  return suspicious_setups(grid_of(study1_table2(dataset, device), {}, std::nullopt));
}

TEST(SuspiciousSetups, FlagExactlyTheOddCellOfStudy1) {
  EXPECT_TRUE(suspicious_in("pamap2", "cuda").empty());
  EXPECT_TRUE(suspicious_in("celeba", "cuda").empty());
  EXPECT_TRUE(suspicious_in("celeba", "mps").empty());
  const Grid grid = grid_of(study1_table2("pamap2", "mps"), {}, std::nullopt);
  const auto found = suspicious_setups(grid);
  ASSERT_EQ(found.size(), 1U);
  const std::vector<std::pair<std::string, std::string>> odd{{"batch", "256"}, {"lr", "0.0001"}};
  EXPECT_EQ(grid.find(odd), found[0].setup);
  EXPECT_NEAR(found[0].excess, 0.499, 0.001);
  EXPECT_NEAR(found[0].robust_z, 149.5, 0.5);
}

TEST(SuspiciousSetups, NeedATableOfThreeByThree) {
  std::vector<RunRow> runs = study1_table2("pamap2", "mps");
  std::erase_if(runs, [](const RunRow& run) {
    return run.factors[0].second != "64" && run.factors[0].second != "256";
  });
  EXPECT_TRUE(suspicious_setups(grid_of(runs, {}, std::nullopt)).empty());
}

TEST(SuspiciousSetups, AreSoughtInEachTableOfALargerGrid) {
  std::vector<RunRow> runs;
  for (const char* device : {"cuda", "mps"}) {
    for (RunRow run : study1_table2("pamap2", device)) {
      run.factors.emplace_back("device", device);
      runs.push_back(std::move(run));
    }
  }
  const Grid grid = grid_of(runs, {}, std::nullopt);
  const auto found = suspicious_setups(grid);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(grid.setups[found[0].setup].place[2], 1U);
}

}  // namespace
}  // namespace gradwatt
