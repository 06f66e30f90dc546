#include "analyze/epoch_energy.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

EpochRow epoch(int number, std::optional<double> energy_j, bool complete = true) {
  return {number, energy_j, 1, {}, complete};
}

TEST(EpochEnergy, LeavesTheFirstEpochOut) {
  RunRow run;
  run.epochs = {epoch(0, 150), epoch(1, 100), epoch(2, 104)};
  const auto energy = energy_per_epoch(run);
  ASSERT_TRUE(energy.has_value());
  EXPECT_DOUBLE_EQ(energy->mean_j, 102);
  EXPECT_EQ(energy->epochs, 2);
  EXPECT_FALSE(energy->includes_first);
}

TEST(EpochEnergy, SaysThatASingleEpochIsTheFirst) {
  RunRow run;
  run.epochs = {epoch(0, 150)};
  EXPECT_DOUBLE_EQ(energy_per_epoch(run).value().mean_j, 150);
  EXPECT_TRUE(energy_per_epoch(run).value().includes_first);
}

TEST(EpochEnergy, LeavesOutEpochsThatWereCutShortOrNotMeasured) {
  RunRow run;
  run.epochs = {epoch(0, std::nullopt), epoch(1, 100), epoch(2, 10, false)};
  EXPECT_DOUBLE_EQ(energy_per_epoch(run).value().mean_j, 100);
  EXPECT_FALSE(energy_per_epoch(run).value().includes_first);
}

TEST(EpochEnergy, IsUnknownWithoutAMeasuredEpoch) {
  RunRow run;
  EXPECT_FALSE(energy_per_epoch(run).has_value());
  run.epochs = {epoch(0, std::nullopt), epoch(1, 10, false)};
  EXPECT_FALSE(energy_per_epoch(run).has_value());
  run.epochs = {epoch(0, 0)};
  EXPECT_FALSE(energy_per_epoch(run).has_value());
}

}  // namespace
}  // namespace gradwatt
