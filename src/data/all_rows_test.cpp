#include "data/all_rows.h"

#include "data/numbered_rows_test.h"
#include "data/parallel_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

TEST(AllRows, AreThoseOfTheSourceInItsOrder) {
  const NumberedRows source(1001, 3);
  for (const int workers : {1, 2, 9}) {
    const auto rows = all_rows(source, workers);
    ASSERT_EQ(rows.size(), 3003U);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      ASSERT_EQ(rows[i], NumberedRows::byte_of(static_cast<std::int64_t>(i / 3), i % 3));
    }
  }
  EXPECT_TRUE(all_rows(NumberedRows(0, 3), 2).empty());
}

TEST(AllRows, FailWithTheSource) {
  EXPECT_THROW((void)all_rows(NumberedRows(500, 3, {170}), 3), Error);
}

TEST(AllRowsReporting, SayWhichAreDamagedAndLeaveThemZero) {
  const AllRows all = all_rows_reporting(NumberedRows(500, 3, {401, 17}), 3);
  EXPECT_THAT(all.damaged,
              ElementsAre(Pair(17, HasSubstr("row 17: is damaged")), Pair(401, HasSubstr("401"))));
  EXPECT_EQ(all.rows[17 * 3 + 1], 0);
  EXPECT_EQ(all.rows[18 * 3 + 1], NumberedRows::byte_of(18, 1));
}

TEST(ForPieces, CoversEachIndexOnce) {
  for (const std::int64_t count : {0, 1, 15, 16, 17, 1000}) {
    std::vector<int> visits(static_cast<std::size_t>(count));
    for_pieces(count, 4, [&](std::int64_t first, std::int64_t last) {
      for (std::int64_t i = first; i < last; ++i) {
        ++visits[static_cast<std::size_t>(i)];
      }
    });
    EXPECT_THAT(visits, testing::Each(1));
  }
}

TEST(ForPieces, HandsOnWhatWasThrown) {
  const auto fail = [](std::int64_t first, std::int64_t) {
    if (first >= 160) {
      throw std::runtime_error("no more");
    }
  };
  EXPECT_THROW(for_pieces(1000, 3, fail), std::runtime_error);
}

}  // namespace
}  // namespace gradwatt
