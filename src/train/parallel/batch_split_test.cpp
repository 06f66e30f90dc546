#include "train/parallel/batch_split.h"

#include "base/error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(BatchSplit, DerivesWhatIsMissing) {
  EXPECT_EQ(split_batch(256, {}, 1, 4).local, 64);
  EXPECT_EQ(split_batch({}, 64, 1, 4).global, 256);
  EXPECT_EQ(split_batch({}, {}, 128, 2).local, 64);
}

TEST(BatchSplit, AccumulatesToReachTheGlobalBatch) {
  const BatchSplit split = split_batch(256, 32, 1, 4);
  EXPECT_EQ(split.accumulation, 2);
  EXPECT_EQ(split.local, 32);
}

TEST(BatchSplit, RefusesAContradictionAndSaysWhatWouldDo) {
  try {
    (void)split_batch(100, 32, 1, 2);
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("64 or 128 would do"));
  }
  EXPECT_THROW((void)split_batch(7, {}, 1, 2), UsageError);
  EXPECT_THROW((void)split_batch(2, {}, 1, 4), UsageError);
}

TEST(ShareOf, MakesUpTheWhole) {
  EXPECT_EQ(share_of(10, 0, 4), (Share{0, 3}));
  EXPECT_EQ(share_of(10, 1, 4), (Share{3, 3}));
  EXPECT_EQ(share_of(10, 2, 4), (Share{6, 2}));
  EXPECT_EQ(share_of(10, 3, 4), (Share{8, 2}));
  EXPECT_EQ(share_of(2, 3, 4), (Share{2, 0}));
}

TEST(RowsOfRank, AreItsSharesOfEachGlobalBatch) {
  std::vector<std::int64_t> order(10);
  std::iota(order.begin(), order.end(), 0);
  EXPECT_THAT(rows_of_rank(order, 4, 0, 2), ElementsAre(0, 1, 4, 5, 8));
  EXPECT_THAT(rows_of_rank(order, 4, 1, 2), ElementsAre(2, 3, 6, 7, 9));
  EXPECT_EQ(rows_of_rank(order, 4, 0, 1), order);
}

}  // namespace
}  // namespace gradwatt
