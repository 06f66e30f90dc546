#include "train/epoch_samples.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

LoopPlan of_16(NormStatistics norms, std::int64_t local_batch) {
  LoopPlan loop;
  loop.batch = 16;
  loop.local_batch = local_batch;
  loop.norms = norms;
  return loop;
}

TEST(EpochSamples, AreAllUnlessANormalisationCannotUseTheLastBatch) {
  const LoopPlan local = of_16(NormStatistics::local, 0);
  EXPECT_EQ(epoch_samples(local, 35, 1, true), 35);
  EXPECT_EQ(epoch_samples(local, 33, 1, false), 33);
  EXPECT_EQ(epoch_samples(local, 33, 1, true), 32) << "one sample has no variance";
  EXPECT_EQ(epoch_samples(local, 35, 2, true), 32) << "2 and 1";
  EXPECT_EQ(epoch_samples(local, 36, 2, true), 36);
  EXPECT_EQ(epoch_samples(local, 1, 1, true), 1) << "there is no other";
  EXPECT_EQ(epoch_samples(of_16(NormStatistics::local, 2), 37, 2, true), 32) << "2 + 1 and 1 + 1";
}

TEST(EpochSamples, LeaveNoRankOutOfStatisticsOverAll) {
  EXPECT_EQ(epoch_samples(of_16(NormStatistics::synced, 0), 35, 2, true), 35);
  EXPECT_EQ(epoch_samples(of_16(NormStatistics::synced, 0), 33, 2, true), 32);
  EXPECT_EQ(epoch_samples(of_16(NormStatistics::synced, 1), 35, 2, true), 32)
      << "two goes for one rank and one for the other";
  EXPECT_EQ(epoch_samples(of_16(NormStatistics::synced, 1), 36, 2, true), 36);
}

TEST(EpochSamples, AreAsManyForEachRankWhereAsked) {
  LoopPlan loop = of_16(NormStatistics::local, 0);
  loop.last_batch = LastBatch::truncate;
  EXPECT_EQ(epoch_samples(loop, 39, 4, true), 32) << "36 = 4 * 9, and the 4 left are 1 each";
  EXPECT_EQ(epoch_samples(loop, 39, 4, false), 36);
}

TEST(GoesOf, AreTheSameOnEveryRank) {
  EXPECT_EQ(goes_of(3, 1, 2), 2);
  EXPECT_EQ(goes_of(16, 4, 2), 2);
  EXPECT_EQ(goes_of(16, 16, 1), 1);
}

}  // namespace
}  // namespace gradwatt
