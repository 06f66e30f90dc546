#include "analyze/axis_drivers.h"

#include "analyze/study1_table_test.h"
#include "analyze/sweep_rows_test.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

TEST(AxisDrivers, FindThatBatchDrivesTheEnergyPerEpochInStudy1) {
  for (const char* dataset : {"pamap2", "celeba"}) {
    for (const char* device : {"cuda", "mps"}) {
      const Grid grid = grid_of(study1_table2(dataset, device), {}, std::nullopt);
      EXPECT_EQ(main_driver(driver_shares(grid, Quantity::cost_per_epoch)), 0U);
      EXPECT_FALSE(driver_shares(grid, Quantity::epochs_to_goal).has_value());
    }
  }
}

TEST(AxisDrivers, GiveOppositeDirectionsForTheTwoDataSetsOfStudy1) {
  const auto effect_of = [](const char* dataset) {
    const Grid grid = grid_of(study1_table2(dataset, "cuda"), {}, std::nullopt);
    return axis_effect(grid, Quantity::cost_per_epoch, 0, 2, 0).value();
  };
  EXPECT_NEAR(effect_of("pamap2").ratio.value - 1, -0.717, 0.0005);
  EXPECT_NEAR(effect_of("celeba").ratio.value - 1, 0.131, 0.0005);
  EXPECT_EQ(effect_of("pamap2").setups, 4);
  EXPECT_EQ(effect_of("pamap2").runs.size(), 8U);
}

TEST(AxisDrivers, FindWhatDrivesTheEpochs) {
  std::vector<RunRow> runs;
  const std::vector<std::pair<std::string, int>> rates{{"0.1", 2}, {"0.01", 4}, {"0.001", 8}};
  for (const char* batch : {"64", "256", "1024"}) {
    for (const auto& [lr, epochs] : rates) {
      runs.push_back(made_up_run(batch, lr, 0, {100, 10, epochs, 0}));
    }
  }
  const Grid grid = grid_of(runs, {}, Goal{"val_acc", 0.9, std::nullopt, false});
  // The learning rates were found in the runs, so they are sorted: the least is the first.
  EXPECT_EQ(main_driver(driver_shares(grid, Quantity::epochs_to_goal)), 1U);
  EXPECT_FALSE(driver_shares(grid, Quantity::cost_per_epoch).has_value());
  EXPECT_NEAR(axis_effect(grid, Quantity::epochs_to_goal, 1, 2, 0).value().ratio.value, 0.25, 1e-9);
}

TEST(AxisDrivers, BlameTheMainDriverOrTheOnlyDifference) {
  const Grid grid = grid_of(study1_table2("pamap2", "cuda"), {}, std::nullopt);
  const auto shares = driver_shares(grid, Quantity::cost_per_epoch);
  EXPECT_EQ(axis_behind(shares, *grid.at({0, 0}), *grid.at({2, 3})), 0U);
  EXPECT_EQ(axis_behind(shares, *grid.at({0, 0}), *grid.at({0, 3})), 1U);
  EXPECT_FALSE(axis_behind(std::nullopt, *grid.at({0, 0}), *grid.at({2, 3})).has_value());
}

TEST(AxisDrivers, CompareOnlySettingsThatHaveBothValues) {
  const std::vector runs{made_up_run("64", "0.1", 0, {}), made_up_run("256", "0.01", 0, {})};
  const Grid grid = grid_of(runs, {}, std::nullopt);
  EXPECT_FALSE(axis_effect(grid, Quantity::cost_per_epoch, 0, 1, 0).has_value());
}

}  // namespace
}  // namespace gradwatt
