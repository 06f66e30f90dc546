#include "analyze/fresh_contrast.h"

#include <gtest/gtest.h>

#include <vector>

namespace gradwatt {
namespace {

const GoalLine kGoal{"val_acc", 0.9, false};

/// A fresh run that reached the goal with these joules.
SearchCurve reached_at(double joules) {
  SearchCurve fresh;
  fresh.points = {{0, joules, 0.95, 1}};
  fresh.joules = fresh.spent_j = joules;
  fresh.end = PieceEnd::finished;
  return fresh;
}

/// One that did not, and ended so.
SearchCurve without_goal(double joules, PieceEnd end) {
  SearchCurve fresh = reached_at(joules);
  fresh.points.front().metric = 0.5;
  fresh.end = end;
  return fresh;
}

SearchCurve setup_with(std::vector<SearchCurve> fresh) {
  SearchCurve setup;
  setup.confirmed = std::move(fresh);
  return setup;
}

TEST(FreshContrast, IsThatOfTheExample) {
  const auto contrast = fresh_contrast(setup_with({reached_at(50), reached_at(52)}),
                                       setup_with({reached_at(100), reached_at(104)}),
                                       kGoal);
  ASSERT_TRUE(contrast.has_value());
  EXPECT_EQ(contrast->says, RatioSays::value);
  EXPECT_DOUBLE_EQ(contrast->ratio.value, 0.5);
  EXPECT_NEAR(contrast->ratio.interval->lo, 0.444, 0.0005);
  EXPECT_NEAR(contrast->ratio.interval->hi, 0.563, 0.0005);
  EXPECT_EQ(contrast->evidence, Evidence::b);
}

TEST(FreshContrast, IsLevelAWithThreeRunsASide) {
  const auto cheap = setup_with({reached_at(50), reached_at(52), reached_at(51)});
  const auto dear = setup_with({reached_at(100), reached_at(104), reached_at(101)});
  EXPECT_EQ(fresh_contrast(cheap, dear, kGoal)->evidence, Evidence::a);
  const auto reversed = fresh_contrast(dear, cheap, kGoal);
  EXPECT_EQ(reversed->evidence, Evidence::d) << "the sentence would be that it needs less";
  EXPECT_TRUE(reversed->is_shown_dearer());
}

TEST(FreshContrast, IsABoundWhereRunsWereStoppedAtTheirCap) {
  const auto chosen = setup_with({reached_at(50), reached_at(52)});
  const auto capped =
      setup_with({without_goal(75, PieceEnd::stopped), without_goal(75, PieceEnd::stopped)});
  const auto at_most = fresh_contrast(chosen, capped, kGoal);
  ASSERT_TRUE(at_most.has_value());
  EXPECT_EQ(at_most->says, RatioSays::at_most);
  EXPECT_NEAR(at_most->ratio.value, 0.68, 0.0005);
  EXPECT_FALSE(at_most->ratio.interval.has_value());
  EXPECT_EQ(at_most->evidence, Evidence::d);
  const auto one_capped = setup_with({reached_at(60), without_goal(75, PieceEnd::stopped)});
  EXPECT_EQ(fresh_contrast(one_capped, chosen, kGoal)->says, RatioSays::at_least);
  EXPECT_FALSE(fresh_contrast(one_capped, capped, kGoal).has_value());
}

TEST(FreshContrast, IsAbsentWhereNoRatioCanBeHad) {
  const auto chosen = setup_with({reached_at(50), reached_at(52)});
  EXPECT_FALSE(fresh_contrast(chosen, setup_with({reached_at(100)}), kGoal).has_value());
  const auto missed = setup_with({reached_at(100), without_goal(300, PieceEnd::finished)});
  EXPECT_FALSE(fresh_contrast(chosen, missed, kGoal).has_value());
  const auto failed = setup_with({reached_at(100), without_goal(3, PieceEnd::failed)});
  EXPECT_FALSE(fresh_contrast(chosen, failed, kGoal).has_value());
}

}  // namespace
}  // namespace gradwatt
