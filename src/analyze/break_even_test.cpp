#include "analyze/break_even.h"

#include "analyze/study_paper.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

Estimate exactly(double value) { return {value, std::nullopt, 1}; }

EncoderReuse reuse(double encoder, double joint, double classifier) {
  return {exactly(encoder), exactly(joint), exactly(classifier)};
}

TEST(BreakEven, IsThePretrainingOverWhatEachUseSaves) {
  EXPECT_EQ(break_even(30, 4, 1.5), 12);
  EXPECT_EQ(whole_cycles(12), 12);
  EXPECT_EQ(whole_cycles(11.2), 12);
  EXPECT_EQ(whole_cycles(0.3), 1);
}

TEST(BreakEven, IsNeverWhenReuseSavesNothing) {
  EXPECT_EQ(break_even(30, 4, 4), std::nullopt);
  EXPECT_EQ(break_even(30, 4, 5), std::nullopt);
}

TEST(BreakEven, OfStudy1ImpliesThatPretrainingCostsSixToEightTrainings) {
  // Figure 4 says 10 to 13 cycles; with Table 3's unfrozen training in place of the joint one.
  const PaperTable3 table = paper_table3();
  EXPECT_NEAR(10 * (table.unfrozen_wh.cuda - table.frozen_wh.cuda), 26.2, 0.05);
  EXPECT_NEAR(13 * (table.unfrozen_wh.cuda - table.frozen_wh.cuda), 34.1, 0.05);
  EXPECT_NEAR(10 * (table.unfrozen_wh.mps - table.frozen_wh.mps), 6.6, 0.05);
  EXPECT_NEAR(13 * (table.unfrozen_wh.mps - table.frozen_wh.mps), 8.6, 0.05);
  EXPECT_NEAR(*break_even(26.2, table.unfrozen_wh.cuda, table.frozen_wh.cuda), 10, 0.01);
}

TEST(BreakEven, TakesItsIntervalFromThoseOfTheEnergies) {
  EncoderReuse uncertain;
  uncertain.encoder_j = {30, Interval{27, 33}, 2};
  uncertain.joint_j = {5, Interval{4.5, 5.5}, 2};
  uncertain.classifier_j = {2, Interval{1.5, 2.5}, 2};
  const BreakEven result = break_even_of(uncertain);
  EXPECT_DOUBLE_EQ(*result.cycles, 10);
  EXPECT_DOUBLE_EQ(*result.lo, 27 / 4.0);
  EXPECT_DOUBLE_EQ(*result.hi, 33 / 2.0);
  EXPECT_FALSE(result.may_never);

  uncertain.joint_j.interval = Interval{2.5, 7};
  EXPECT_TRUE(break_even_of(uncertain).may_never);
  EXPECT_EQ(break_even_of(uncertain).hi, std::nullopt);

  uncertain.joint_j.interval.reset();
  EXPECT_EQ(break_even_of(uncertain).lo, std::nullopt);
  EXPECT_FALSE(break_even_of(uncertain).may_never);
}

TEST(BreakEvens, SayBothMeansAndWhoNeverBreaksEven) {
  const std::vector<EncoderReuse> setups{reuse(30, 4, 1), reuse(12, 4, 2), reuse(5, 4, 5)};
  const BreakEvenSummary summary = break_evens(setups);
  EXPECT_EQ(summary.best, 1U);
  EXPECT_EQ(summary.worst, 0U);
  EXPECT_EQ(summary.never, 1);
  EXPECT_DOUBLE_EQ(*summary.mean_of_ratios, 8);
  EXPECT_DOUBLE_EQ(*summary.ratio_of_means, 11.75);
}

TEST(BreakEvens, KnowNothingWithoutSetups) {
  const BreakEvenSummary summary = break_evens({});
  EXPECT_EQ(summary.best, std::nullopt);
  EXPECT_EQ(summary.ratio_of_means, std::nullopt);
  EXPECT_EQ(summary.mean_of_ratios, std::nullopt);
}

}  // namespace
}  // namespace gradwatt
