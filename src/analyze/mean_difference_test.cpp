#include "analyze/mean_difference.h"

#include "analyze/block_difference.h"
#include "analyze/equivalence.h"
#include "analyze/repeats_needed.h"
#include "analyze/welch_ratio.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace gradwatt {
namespace {

/// -2 with standard error 2 and 4.8 degrees of freedom.
const MeanDifference kWorked{-2, {{4, 4}, {12, 4}}, false};

TEST(MeanDifference, HasTheErrorOfTheWorkedExample) {
  const auto error = error_of(kWorked).value();
  EXPECT_DOUBLE_EQ(error.standard, 2);
  EXPECT_DOUBLE_EQ(error.df, 4.8);
  const auto interval = interval_of(kWorked).value();
  EXPECT_NEAR(interval.lo, -7.21, 0.01);
  EXPECT_NEAR(interval.hi, 3.21, 0.01);
}

TEST(MeanDifference, HasProbabilitiesThatAddUp) {
  EXPECT_NEAR(p_above(kWorked, -4).value(), 0.183, 0.0005);
  EXPECT_DOUBLE_EQ(p_above(kWorked, -4).value() + p_below(kWorked, -4).value(), 1);
  EXPECT_DOUBLE_EQ(p_apart(kWorked, -4).value(), 2 * p_above(kWorked, -4).value());
}

TEST(MeanDifference, ShrinksItsErrorWithMoreNumbers) {
  const auto error = error_of(kWorked, 12).value();
  EXPECT_DOUBLE_EQ(error.standard, 1);
  EXPECT_DOUBLE_EQ(error.df, 5 * 4.8);  // (n - 1) grew from 3 to 15.
}

TEST(MeanDifference, KnowsNoErrorOfSingleNumbersOrOfEqualOnes) {
  const std::array one{1.0};
  const std::array equal{2.0, 2.0};
  EXPECT_EQ(mean_difference(one, equal).value, -1);
  EXPECT_FALSE(error_of(mean_difference(one, equal)).has_value());
  EXPECT_FALSE(interval_of(mean_difference(equal, equal)).has_value());
  EXPECT_FALSE(p_apart(mean_difference(equal, equal)).has_value());
}

TEST(MeanDifference, HasWelchsPartsOfRepeatedNumbers) {
  const MeanDifference difference = mean_difference(std::array{1.0, 3.0}, std::array{2.0, 6.0});
  EXPECT_EQ(difference.value, -2);
  EXPECT_DOUBLE_EQ(error_of(difference).value().standard, std::sqrt(2.0 / 2 + 8.0 / 2));
}

TEST(RatioFrom, IsTheExponentOfADifferenceOfLogarithms) {
  const Ratio ratio = ratio_from({std::log(2.0), {}, false});
  EXPECT_DOUBLE_EQ(ratio.value, 2);
  EXPECT_FALSE(ratio.interval.has_value());
}

TEST(BlockDifference, TakesTheDisagreementOfBlocksOfSingleRuns) {
  const std::vector<SideBlock> blocks{{{1}, {2}}, {{2}, {4}}, {{3}, {6}}};
  EXPECT_EQ(differences_of(blocks), (std::vector<double>{-1, -2, -3}));
  const MeanDifference difference = block_difference(blocks);
  EXPECT_DOUBLE_EQ(difference.value, -2);
  EXPECT_TRUE(difference.over_blocks);
  EXPECT_DOUBLE_EQ(error_of(difference).value().standard, 1 / std::sqrt(3.0));
  EXPECT_DOUBLE_EQ(error_of(difference).value().df, 2);
}

TEST(BlockDifference, TakesTheScatterOfRepeatsWhereThereAreSome) {
  // Blocks far apart from each other: nothing of that is in the error.
  const std::vector<SideBlock> blocks{{{1, 3}, {2, 6}}, {{101, 103}, {202, 206}}};
  const MeanDifference difference = block_difference(blocks);
  EXPECT_DOUBLE_EQ(difference.value, (-2 - 102) / 2.0);
  EXPECT_FALSE(difference.over_blocks);
  EXPECT_DOUBLE_EQ(error_of(difference).value().standard, std::sqrt((1 + 4 + 1 + 4) / 4.0));
}

TEST(BlockDifference, OfOneBlockIsThatOfTheMeans) {
  const std::vector<SideBlock> blocks{{{1, 3}, {2, 6}}};
  EXPECT_EQ(error_of(block_difference(blocks)).value().standard,
            error_of(mean_difference(blocks[0].a, blocks[0].b)).value().standard);
}

TEST(Equivalence, HasTheProbabilityOfTheWorkedExample) {
  // One part of 11 numbers: standard error 1, 10 degrees of freedom.
  const MeanDifference none{0, {{11, 11}}, false};
  EXPECT_NEAR(equivalence_p(none, 2).value(), 0.0367, 0.0001);
}

TEST(Equivalence, IsShownExactlyWhenTheNinetyPercentIntervalIsInsideTheBand) {
  for (const double value : {-1.5, -0.4, 0.0, 0.2, 0.9}) {
    const MeanDifference difference{value, {{1, 6}, {2, 5}}, false};
    const Interval ninety = interval_of(difference, 0.05).value();
    for (const double band : {0.5, 1.0, 1.3, 2.0, 4.0}) {
      const bool inside = ninety.lo > -band && ninety.hi < band;
      EXPECT_EQ(equivalence_p(difference, band).value() < 0.05, inside) << value << " " << band;
    }
  }
}

TEST(Equivalence, IsNeverShownOfSingleRuns) {
  EXPECT_FALSE(equivalence_p({0, {}, false}, 1).has_value());
}

TEST(RepeatsNeeded, AreThoseOfTheWorkedExample) {
  const double variance = 0.03 * 0.03;
  const MeanDifference two_each{0, {{variance, 2}, {variance, 2}}, false};
  EXPECT_EQ(more_repeats(two_each, std::log(1.05)), 6);
  EXPECT_LT(power_with(two_each, std::log(1.05), 5), 0.8);
  EXPECT_GE(power_with(two_each, std::log(1.05), 6), 0.8);
}

TEST(RepeatsNeeded, ApproachTheRuleOfSixteenForMany) {
  for (const double deviation : {0.1, 0.2, 0.4}) {
    const double variance = deviation * deviation;
    const MeanDifference two_each{0, {{variance, 2}, {variance, 2}}, false};
    const double size = std::log(1.1);
    const double rule = 15.7 * variance / (size * size);
    EXPECT_NEAR(more_repeats(two_each, size).value() + 2, rule, 0.02 * rule + 2) << deviation;
  }
}

TEST(RepeatsNeeded, AreCountedInBlocksWhereBlocksDisagree) {
  // Paired: n = 7.85 s² / size², plus two for the guessed scatter.
  const MeanDifference blocks{0, {{0.01, 4}}, true};
  EXPECT_EQ(more_repeats(blocks, 0.1).value() + 4, 10);
}

TEST(RepeatsNeeded, AreNoNumberForSingleRunsOrBeyondReason) {
  EXPECT_FALSE(more_repeats({0, {}, false}, 0.05).has_value());
  EXPECT_FALSE(more_repeats({0, {{1, 2}, {1, 2}}, false}, 0.01).has_value());
  EXPECT_EQ(more_repeats({0, {{1e-9, 2}, {1e-9, 2}}, false}, 0.05), 1);
}

}  // namespace
}  // namespace gradwatt
