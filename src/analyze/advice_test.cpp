#include "analyze/advice.h"

#include "analyze/recommendation.h"
#include "analyze/study1_table_test.h"
#include "analyze/sweep_rows_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

std::vector<std::string> rules(const Recommendation& recommendation) {
  std::vector<std::string> names;
  for (const Advice& advice : recommendation.advice) {
    names.emplace_back(rule_of(advice));
  }
  return names;
}

Recommendation on_table2(const char* dataset, const char* device) {
  return recommend(grid_of(study1_table2(dataset, device), {}, std::nullopt), {});
}

TEST(Advice, NamesTheBatchThatMakesEpochsCheaper) {
  const Recommendation result = on_table2("pamap2", "cuda");
  EXPECT_THAT(rules(result), testing::ElementsAre("use-setup", "cheaper-epochs", "run-again"));
  EXPECT_NEAR(result.advice[1].saving.value().value, 0.717, 0.0005);
  EXPECT_EQ(std::get<UseValue>(result.advice[1].what).setups, 4);
}

TEST(Advice, OnTable2dIsThatThereIsNothingToGain) {
  EXPECT_THAT(rules(on_table2("celeba", "mps")), testing::ElementsAre("nothing-to-gain"));
}

TEST(Advice, SendsTheReaderBackToTheOddNumber) {
  EXPECT_THAT(rules(on_table2("pamap2", "mps")), testing::Contains("check-number"));
}

TEST(Advice, SplitsIntoCheaperAndFewerEpochs) {
  std::vector<RunRow> runs;
  int energy_j = 400;
  for (const char* batch : {"64", "256", "1024"}) {
    energy_j /= 2;
    int epochs = 24;
    for (const char* lr : {"0.1", "0.01", "0.001"}) {
      epochs /= 2;
      runs.push_back(made_up_run(batch, lr, 0, {1.0 * energy_j, 20, epochs, 0}));
    }
  }
  const Grid grid = grid_of(runs,
                            {{"batch", {"64", "256", "1024"}}, {"lr", {"0.1", "0.01", "0.001"}}},
                            Goal{"val_acc", 0.9, std::nullopt, false});
  const Recommendation result = recommend(grid, {});
  EXPECT_THAT(rules(result),
              testing::ElementsAre("use-setup", "cheaper-epochs", "fewer-epochs", "run-again"));
  EXPECT_NEAR(result.advice[1].saving.value().value, 0.75, 1e-12);
  EXPECT_NEAR(result.advice[2].saving.value().value, 0.75, 1e-12);
  // Two fresh runs each of 20 epochs at 50 J and at 200 J.
  EXPECT_NEAR(std::get<RunAgain>(result.advice[3].what).cost_j.value(), 10'000, 1e-9);
}

TEST(Advice, CarriesTheRunsBehindIt) {
  for (const Advice& advice : on_table2("pamap2", "mps").advice) {
    EXPECT_FALSE(advice.runs.empty());
  }
}

TEST(Advice, IsSilentWithoutData) {
  EXPECT_TRUE(recommend(grid_of({}, {}, std::nullopt), {}).advice.empty());
}

}  // namespace
}  // namespace gradwatt
