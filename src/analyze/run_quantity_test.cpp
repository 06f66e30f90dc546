#include "analyze/run_quantity.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace gradwatt {
namespace {

RunRow three_epochs() {
  RunRow run;
  run.epochs = {{0, 150, 3, {{"val_acc", 0.7}, {"val_loss", 0.9}}, true},
                {1, 100, 2, {{"val_acc", 0.9}, {"val_loss", 0.4}}, true},
                {2, 104, 2, {{"val_acc", 0.88}, {"val_loss", 0.5}}, true}};
  run.total_j = 400;
  run.duration_s = 10;
  run.outside_epochs_j = 46;
  return run;
}

const std::optional<GoalLine> kLine{{"val_acc", 0.9, false}};

std::optional<double> value_in(RunQuantity quantity) {
  return value_of(three_epochs(), quantity, kLine);
}

TEST(RunQuantities, AreThoseOfTheWorkedExample) {
  EXPECT_EQ(value_in(RunQuantity::energy_per_epoch), 102);
  EXPECT_EQ(value_in(RunQuantity::time_per_epoch), 2);
  EXPECT_EQ(value_in(RunQuantity::power_mean), 40);
  EXPECT_EQ(value_in(RunQuantity::energy_total), 400);
  EXPECT_EQ(value_in(RunQuantity::time_total), 10);
  EXPECT_FALSE(value_in(RunQuantity::gpu_hours).has_value());
}

TEST(RunQuantities, ToTheGoalStopAtTheEpochThatReachesIt) {
  EXPECT_EQ(value_in(RunQuantity::energy_to_goal), 150 + 100 + 46);
  EXPECT_EQ(value_in(RunQuantity::time_to_goal), 3 + 2 + 3);  // 3 s lie outside epochs.
  EXPECT_EQ(value_in(RunQuantity::epochs_to_goal), 2);
  const std::optional<GoalLine> too_much{{"val_acc", 0.95, false}};
  for (const RunQuantity quantity : kRunQuantities) {
    EXPECT_EQ(is_to_goal(quantity), std::string(name_of(quantity)).ends_with("_to_goal"));
    if (is_to_goal(quantity)) {
      EXPECT_FALSE(value_of(three_epochs(), quantity, too_much).has_value());
    }
  }
}

TEST(RunQuantities, OfARunThatIsOneRowAreAllOfItWhenItReachedTheGoal) {
  RunRow row;
  row.total_j = 500;
  row.duration_s = 50;
  EXPECT_FALSE(has_reached(row, std::nullopt).has_value());
  row.reached = true;
  EXPECT_EQ(value_of(row, RunQuantity::energy_to_goal, std::nullopt), 500);
  EXPECT_EQ(value_of(row, RunQuantity::time_to_goal, std::nullopt), 50);
  EXPECT_FALSE(value_of(row, RunQuantity::epochs_to_goal, std::nullopt).has_value());
  row.metrics = {{"val_acc", 0.8}};
  EXPECT_EQ(has_reached(row, kLine), false);  // The goal that was asked for decides.
  row.metrics = {{"val_acc", 0.91}};
  EXPECT_EQ(value_of(row, RunQuantity::energy_to_goal, kLine), 500);
}

TEST(RunQuantities, AreUnknownWhenNothingIsPositive) {
  RunRow run;
  run.total_j = 0;
  run.epochs = {{0, 0, 0, {}, true}};
  for (const RunQuantity quantity : kRunQuantities) {
    EXPECT_FALSE(value_of(run, quantity, kLine).has_value()) << name_of(quantity);
  }
}

TEST(RunQuantities, HaveNamesThatAreReadBack) {
  std::set<std::string> names;
  for (const RunQuantity quantity : kRunQuantities) {
    names.insert(name_of(quantity));
    EXPECT_EQ(run_quantity_named(name_of(quantity)), quantity);
  }
  EXPECT_EQ(names.size(), kRunQuantities.size());
  EXPECT_FALSE(run_quantity_named("joules").has_value());
}

TEST(MetricIn, IsTheBestOrTheLastOfTheEpochs) {
  EXPECT_EQ(metric_in(three_epochs(), {"val_acc", false, MetricOf::best}), 0.9);
  EXPECT_EQ(metric_in(three_epochs(), {"val_acc", false, MetricOf::last}), 0.88);
  EXPECT_EQ(metric_in(three_epochs(), {"val_loss", true, MetricOf::best}), 0.4);
  EXPECT_FALSE(metric_in(three_epochs(), {"f1", false, MetricOf::best}).has_value());
  RunRow row;
  row.metrics = {{"f1", 0.6}};
  EXPECT_EQ(metric_in(row, {"f1", false, MetricOf::best}), 0.6);
}

}  // namespace
}  // namespace gradwatt
