#include "analyze/search_outcome.h"

#include <gtest/gtest.h>

#include <vector>

namespace gradwatt {
namespace {

TEST(TrainingsToPayBack, AreThoseOfTheExample) {
  EXPECT_DOUBLE_EQ(trainings_to_pay_back(1000, 300, 100).value(), 3.5);
  EXPECT_DOUBLE_EQ(trainings_to_pay_back(250, 300, 100).value(), 0) << "it has already";
  EXPECT_EQ(trainings_to_pay_back(1000, 100, 100), std::nullopt);
  EXPECT_EQ(trainings_to_pay_back(1000, 90, 100), std::nullopt);
}

/// A curve that reaches the goal with these joules, in pieces that each begin with a start of 10 J.
SearchCurve reaching_at(double joules, int pieces) {
  SearchCurve curve;
  curve.points = {{0, joules, 0.95, 0, pieces}};
  curve.joules = curve.spent_j = joules;
  curve.pieces = pieces;
  curve.outside_j = 10.0 * pieces;
  curve.end = PieceEnd::finished;
  return curve;
}

SearchRules sequential_rules() {
  SearchRules rules;
  rules.strategy = SearchStrategy::sequential_cap;
  rules.goal = {"val_acc", 0.9, std::nullopt, false};
  rules.epochs_max = 10;
  return rules;
}

TEST(JudgeSearch, TellsAfterHowManyTrainingsItHasPaidForItself) {
  // The default takes 300 J in one go, the other 120 J in three: 100 J without two of its starts.
  std::vector<SearchCurve> curves{reaching_at(300, 1), reaching_at(120, 3)};
  curves[1].spent_j = 700;
  const SearchOutcome outcome = judge_search(sequential_rules(), curves);
  ASSERT_TRUE(outcome.payback.has_value());
  EXPECT_EQ(outcome.payback->state, PaybackState::pays_back);
  EXPECT_DOUBLE_EQ(*outcome.payback->default_j, 300);
  EXPECT_DOUBLE_EQ(*outcome.payback->trainings, 3.5);
}

TEST(JudgeSearch, PaysNothingBackWhereTheDefaultWasChosenOrIsNotKnown) {
  std::vector<SearchCurve> curves{reaching_at(300, 1), reaching_at(120, 1)};
  SearchRules rules = sequential_rules();
  rules.default_setup = 1;
  EXPECT_EQ(judge_search(rules, curves).payback->state, PaybackState::already_default);
  rules.default_setup = 0;
  curves[0].points.front().metric = 0.5;
  const SearchOutcome unknown = judge_search(rules, curves);
  EXPECT_EQ(unknown.payback->state, PaybackState::default_unknown);
  EXPECT_FALSE(unknown.payback->trainings.has_value());
  curves[1].points.front().metric = 0.5;
  EXPECT_FALSE(judge_search(rules, curves).payback.has_value()) << "nothing was chosen";
}

TEST(NameOfPayback, IsForMachines) {
  EXPECT_STREQ(name_of(PaybackState::pays_back), "pays_back");
  EXPECT_STREQ(name_of(PaybackState::never), "never");
  EXPECT_STREQ(name_of(PaybackState::already_default), "already_default");
  EXPECT_STREQ(name_of(PaybackState::default_unknown), "default_unknown");
}

}  // namespace
}  // namespace gradwatt
