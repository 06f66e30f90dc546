#include "analyze/break_even.h"

#include "analyze/study_paper.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

namespace gradwatt {
namespace {

/// A standard normal number by Box and Muller: std::normal_distribution differs between libraries.
double gaussian_scatter(std::mt19937_64& random) {
  constexpr double kScale = 0x1p-53;
  const double u = (static_cast<double>(random() >> 11U) + 0.5) * kScale;
  const double v = static_cast<double>(random() >> 11U) * kScale;
  return std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * v);
}

RepeatedMean exactly(double value) { return {value, std::nullopt, 1}; }

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

EncoderReuse reuse_of(const std::vector<double>& encoder,
                      const std::vector<double>& joint,
                      const std::vector<double>& classifier) {
  return {repeated_mean(encoder), repeated_mean(joint), repeated_mean(classifier)};
}

TEST(BreakEven, HasFiellersLimitsWhereRepeatsAgree) {
  const BreakEven result = break_even_of(reuse_of({10, 11, 12}, {5, 6, 7}, {2, 3, 4}));
  EXPECT_EQ(result.answer, BreakEvenAnswer::pays_off);
  EXPECT_NEAR(*result.cycles, 11 / 3.0, 1e-12);
  EXPECT_NEAR(*result.lo, 2.062, 0.001);
  EXPECT_NEAR(*result.hi, 13.931, 0.001);
  EXPECT_FALSE(result.may_never);
}

TEST(BreakEven, IsNotEstablishedWhereTheSavingMayBeZero) {
  const BreakEven result = break_even_of(reuse_of({29, 30, 31}, {3, 5, 7}, {1, 2, 3}));
  EXPECT_EQ(result.answer, BreakEvenAnswer::not_established);
  EXPECT_DOUBLE_EQ(*result.cycles, 10);
  EXPECT_GT(*result.lo, 2);  // That much is known: at least this often.
  EXPECT_LT(*result.lo, 10);
  EXPECT_EQ(result.hi, std::nullopt);
  EXPECT_TRUE(result.may_never);
}

TEST(BreakEven, KnowsNothingWhereThePretrainingItselfMayBeZero) {
  const BreakEven result = break_even_of(reuse_of({1, 30, 59}, {3, 5, 7}, {1, 2, 3}));
  EXPECT_EQ(result.answer, BreakEvenAnswer::not_established);
  EXPECT_EQ(result.lo, 0);
}

TEST(BreakEven, IsSurelyNeverWhereReuseClearlyCostsMore) {
  const BreakEven result = break_even_of(reuse_of({29, 30, 31}, {2, 2.1, 2.2}, {5, 5.1, 5.2}));
  EXPECT_EQ(result.answer, BreakEvenAnswer::never);
  EXPECT_EQ(result.cycles, std::nullopt);
  EXPECT_FALSE(result.may_never);
}

TEST(BreakEven, IsNotSurelyNeverWhereReuseLooksDearerByChance) {
  const BreakEven result = break_even_of(reuse_of({29, 30, 31}, {3, 4, 5}, {3, 4.1, 5}));
  EXPECT_EQ(result.answer, BreakEvenAnswer::not_established);
  EXPECT_EQ(result.cycles, std::nullopt);
  EXPECT_GT(*result.lo, 1);
}

TEST(BreakEven, HasNoLimitsFromSingleRunsOrWithoutAnyScatter) {
  EXPECT_EQ(break_even_of(reuse(30, 4, 1)).lo, std::nullopt);
  EXPECT_EQ(break_even_of(reuse_of({30, 30}, {4, 4}, {1, 1})).lo, std::nullopt);
  EXPECT_EQ(break_even_of(reuse_of({30}, {4, 5}, {1, 2})).lo, std::nullopt);
  EXPECT_EQ(break_even_of(reuse(30, 4, 1)).answer, BreakEvenAnswer::pays_off);
  EXPECT_EQ(break_even_of(reuse(30, 1, 4)).answer, BreakEvenAnswer::never);
}

TEST(BreakEven, DoesNotChangeWithTheUnit) {
  const BreakEven joules = break_even_of(reuse_of({36, 39.6}, {18, 21.6}, {7.2, 7.9}));
  const BreakEven hours = break_even_of(reuse_of({10, 11}, {5, 6}, {2, 7.9 / 3.6}));
  EXPECT_NEAR(*joules.cycles, *hours.cycles, 1e-9);
  EXPECT_NEAR(*joules.lo, *hours.lo, 1e-9);
}

/// Repeats of a training that scatter by a factor.
std::vector<double> scattered(std::mt19937_64& random, int repeats, double mean, double cv) {
  std::vector<double> values;
  for (int i = 0; i < repeats; ++i) {
    values.push_back(mean * std::exp(cv * gaussian_scatter(random) - cv * cv / 2));
  }
  return values;
}

/// Whether the limits of one simulated measurement hold the truth.
bool limits_hold(std::mt19937_64& random, int repeats, double cv) {
  constexpr double kTruth = 6;
  const BreakEven result = break_even_of(reuse_of(scattered(random, repeats, kTruth * 2.6, cv),
                                                  scattered(random, repeats, 4.2, cv),
                                                  scattered(random, repeats, 1.6, cv)));
  // The part of the set below 0 is not shown; the truth is not there.
  return result.lo && *result.lo <= kTruth && kTruth <= result.hi.value_or(kTruth);
}

TEST(BreakEven, LimitsHoldTheTruthInNinetyFourOfAHundredMeasurements) {
  std::mt19937_64 random(11);
  constexpr int kMeasurements = 4000;
  for (const int repeats : {2, 3, 5, 10}) {
    for (const double cv : {0.03, 0.1, 0.4}) {
      int held = 0;
      for (int i = 0; i < kMeasurements; ++i) {
        held += limits_hold(random, repeats, cv) ? 1 : 0;
      }
      EXPECT_GE(held, 0.94 * kMeasurements) << repeats << " repeats, CV " << cv;
    }
  }
}

TEST(NetGain, IsWhatIsSavedLessThePretraining) {
  const Estimate single = net_gain(reuse(30, 4, 1.5), 20);
  EXPECT_DOUBLE_EQ(single.value, 20);
  EXPECT_EQ(single.interval, std::nullopt);
  EXPECT_DOUBLE_EQ(net_gain(reuse(30, 4, 1.5), 12).value, 0);
  EXPECT_DOUBLE_EQ(net_gain(reuse(30, 4, 1.5), 0).value, -30);
}

TEST(NetGain, HasAnIntervalThatGrowsWithTheTrainings) {
  const EncoderReuse repeated = reuse_of({10, 11, 12}, {5, 6, 7}, {2, 3, 4});
  const auto few = net_gain(repeated, 1).interval;
  const auto many = net_gain(repeated, 10).interval;
  ASSERT_TRUE(few && many);
  EXPECT_GT(many->hi - many->lo, 5 * (few->hi - few->lo));
  // e, joint and classifier have the variance of the mean 1/3 each: 201/3, df about 4.
  EXPECT_NEAR((many->hi - many->lo) / 2, 2.776 * std::sqrt(67.0), 0.2);
}

TEST(NetGain, OfSeveralSetupsScattersAsTheyDo) {
  const std::vector<EncoderReuse> setups{reuse(30, 4, 1), reuse(12, 4, 2)};
  const Estimate gain = average_net_gain(setups, 10);
  EXPECT_DOUBLE_EQ(gain.value, (0 + 8) / 2.0);
  EXPECT_NEAR(gain.interval->hi - gain.value, 12.706 * 4, 0.01);
  EXPECT_DOUBLE_EQ(average_net_gain(std::vector{setups[1]}, 10).value, 8);
}

TEST(NetGain, IsZeroInsideTheLimitsOfTheBreakEven) {
  const EncoderReuse repeated = reuse_of({10, 11, 12}, {5, 6, 7}, {2, 3, 4});
  const BreakEven even = break_even_of(repeated);
  const auto before = net_gain(repeated, *even.lo * 0.8).interval;
  const auto after = net_gain(repeated, *even.hi * 1.2).interval;
  EXPECT_LT(before->hi, 0);
  EXPECT_GT(after->lo, 0);
}

TEST(BreakEvens, SayBothMeansAndWhoNeverBreaksEven) {
  const std::vector<EncoderReuse> setups{reuse(30, 4, 1), reuse(12, 4, 2), reuse(5, 4, 5)};
  const BreakEvenSummary summary = break_evens(setups);
  EXPECT_EQ(summary.best, 1U);
  EXPECT_EQ(summary.worst, 0U);
  EXPECT_EQ(summary.never, 1);
  EXPECT_DOUBLE_EQ(*summary.mean_of_ratios, 8);
  EXPECT_DOUBLE_EQ(*summary.ratio_of_means, 11.75);
  EXPECT_DOUBLE_EQ(*summary.average->cycles, 11.75);
  EXPECT_EQ(summary.average->answer, BreakEvenAnswer::not_established);
}

TEST(BreakEvens, TakeTheAveragesLimitsFromHowTheSetupsDiffer) {
  // A setup that costs twice as much to pretrain also saves twice as much: x is 10 in all.
  const std::vector<EncoderReuse> setups{reuse(30, 4, 1), reuse(60, 9, 3), reuse(45, 6, 1.6)};
  const BreakEven average = *break_evens(setups).average;
  EXPECT_EQ(average.answer, BreakEvenAnswer::pays_off);
  EXPECT_NEAR(*average.cycles, 10, 0.1);
  EXPECT_GT(*average.lo, 9);
  EXPECT_LT(*average.hi, 11);
}

TEST(BreakEvens, OfOneSetupAreItsOwn) {
  const std::vector<EncoderReuse> one{reuse_of({10, 11, 12}, {5, 6, 7}, {2, 3, 4})};
  EXPECT_EQ(break_evens(one).average->lo, break_even_of(one.front()).lo);
}

TEST(BreakEvens, KnowNothingWithoutSetups) {
  const BreakEvenSummary summary = break_evens({});
  EXPECT_EQ(summary.best, std::nullopt);
  EXPECT_EQ(summary.ratio_of_means, std::nullopt);
  EXPECT_EQ(summary.mean_of_ratios, std::nullopt);
}

}  // namespace
}  // namespace gradwatt
