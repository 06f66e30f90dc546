#include "analyze/factor_split.h"

#include "analyze/grid.h"
#include "analyze/sweep_rows_test.h"

#include <gtest/gtest.h>

#include <cmath>

namespace gradwatt {
namespace {

Grid two_setups(const MadeUpTraining& a, const MadeUpTraining& b) {
  return grid_of(std::vector{made_up_run("1024", "0.1", 0, a), made_up_run("64", "0.1", 0, b)},
                 {{"batch", {"1024", "64"}}},
                 Goal{"val_acc", 0.9, std::nullopt, false});
}

TEST(FactorSplit, GivesTheHeaderExample) {
  const Grid grid = two_setups({40, 10, 10, 10}, {100, 10, 8, 20});
  const auto split = split_of(grid.setups[0], grid.setups[1]);
  ASSERT_TRUE(split.has_value());
  EXPECT_DOUBLE_EQ(split->epoch_energy.value, 0.4);
  EXPECT_DOUBLE_EQ(split->epochs.value, 1.25);
  EXPECT_NEAR(split->rest, 1, 1e-12);
  EXPECT_NEAR(split->parts.value().epoch_energy, std::log(0.4) / std::log(0.5), 1e-12);
  EXPECT_LT(split->parts.value().epochs, 0);
}

TEST(FactorSplit, IsExactForAnyTwoSetups) {
  std::mt19937_64 random(1);
  const auto drawn = [&](std::uint64_t bound) { return static_cast<int>(random() % bound); };
  for (int i = 0; i < 500; ++i) {
    const auto training = [&] {
      return MadeUpTraining{1.0 + drawn(1000), 20, 1 + drawn(20), 1.0 * drawn(5000)};
    };
    const Grid grid = two_setups(training(), training());
    const SetupResult& a = grid.setups[0];
    const SetupResult& b = grid.setups[1];
    const FactorSplit split = split_of(a, b).value();
    const double whole = a.energy_to_goal_j.value().value / b.energy_to_goal_j.value().value;
    EXPECT_NEAR(split.epoch_energy.value * split.epochs.value * split.rest / whole, 1, 1e-12);
    if (split.parts) {
      EXPECT_NEAR(split.parts->epoch_energy + split.parts->epochs + split.parts->rest, 1, 1e-9);
    }
  }
}

TEST(FactorSplit, NamesNoPartsOfNoChange) {
  const Grid grid = two_setups({100, 10, 5, 0}, {100, 10, 5, 0});
  EXPECT_FALSE(split_of(grid.setups[0], grid.setups[1]).value().parts.has_value());
}

TEST(FactorSplit, IsUnknownWhenASetupMissedTheGoal) {
  const Grid grid = two_setups({100, 10, 5, 0}, {100, 10, 0, 0});
  EXPECT_FALSE(split_of(grid.setups[0], grid.setups[1]).has_value());
}

}  // namespace
}  // namespace gradwatt
