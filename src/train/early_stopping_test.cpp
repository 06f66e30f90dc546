#include "train/early_stopping.h"

#include <gtest/gtest.h>

#include <vector>

namespace gradwatt {
namespace {

using Verdict = EarlyStopping::Verdict;

std::vector<Verdict> judge_all(EarlyStopping& stopping, const std::vector<double>& values) {
  std::vector<Verdict> verdicts;
  for (std::size_t i = 0; i < values.size(); ++i) {
    verdicts.push_back(stopping.judge(static_cast<int>(i), values[i]));
  }
  return verdicts;
}

TEST(EarlyStopping, EndsAfterPatienceEpochsWithoutProgress) {
  EarlyStopping stopping({Metric::val_acc, 2, 0.01, {}});
  EXPECT_EQ(judge_all(stopping, {0.50, 0.60, 0.605, 0.609}),
            (std::vector{Verdict::go_on, Verdict::go_on, Verdict::go_on, Verdict::no_progress}));
  EXPECT_EQ(stopping.memory().best_epoch, 3);
  EXPECT_EQ(stopping.memory().best, 0.609);
}

TEST(EarlyStopping, CountsSmallStepsTogetherUntilTheyAreProgress) {
  EarlyStopping stopping({Metric::val_acc, 2, 0.01, {}});
  EXPECT_EQ(judge_all(stopping, {0.600, 0.608, 0.616, 0.617}),
            (std::vector{Verdict::go_on, Verdict::go_on, Verdict::go_on, Verdict::go_on}));
}

TEST(EarlyStopping, WantsLossesToFall) {
  EarlyStopping stopping({Metric::val_loss, 1, 0, {}});
  EXPECT_EQ(judge_all(stopping, {2.0, 1.0, 1.5}),
            (std::vector{Verdict::go_on, Verdict::go_on, Verdict::no_progress}));
  EXPECT_EQ(stopping.memory().best_epoch, 1);
  EXPECT_FALSE(stopping.is_best());
}

TEST(EarlyStopping, TakesNoChangeAsNoProgress) {
  EarlyStopping stopping({Metric::val_acc, 1, 0, {}});
  EXPECT_EQ(judge_all(stopping, {0.1, 0.1}), (std::vector{Verdict::go_on, Verdict::no_progress}));
  EXPECT_EQ(stopping.memory().best_epoch, 0);
}

TEST(EarlyStopping, EndsAtTheGoal) {
  EarlyStopping up({Metric::val_acc, 5, 0, 0.9});
  EXPECT_EQ(judge_all(up, {0.8, 0.9}), (std::vector{Verdict::go_on, Verdict::reached}));
  EarlyStopping down({Metric::train_loss, 5, 0, 0.5});
  EXPECT_EQ(judge_all(down, {0.6, 0.4}), (std::vector{Verdict::go_on, Verdict::reached}));
}

TEST(EarlyStopping, NeverEndsWithoutPatienceAndGoal) {
  EarlyStopping stopping({Metric::val_acc, {}, 0, {}});
  for (int epoch = 0; epoch < 1000; ++epoch) {
    EXPECT_EQ(stopping.judge(epoch, 0.1), Verdict::go_on);
  }
}

}  // namespace
}  // namespace gradwatt
