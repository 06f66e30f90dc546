#include "analyze/median_polish.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

TEST(MedianPolish, LeavesTheOddNumberOfTheHeaderExample) {
  const HoledTable left = median_polish({{1, 2, 3}, {2, 3, 4}, {3, 4, 9}});
  for (std::size_t row = 0; row < 3; ++row) {
    for (std::size_t column = 0; column < 3; ++column) {
      EXPECT_NEAR(left[row][column].value(), row == 2 && column == 2 ? 4 : 0, 1e-9);
    }
  }
}

TEST(MedianPolish, LeavesNothingOfASumOfRowsAndColumns) {
  const HoledTable left = median_polish({{11, 21, 31}, {12, 22, 32}});
  for (const auto& row : left) {
    for (const auto& cell : row) {
      EXPECT_NEAR(cell.value(), 0, 1e-9);
    }
  }
}

TEST(MedianPolish, KeepsHoles) {
  const HoledTable left = median_polish({{1, std::nullopt}, {2, 3}});
  EXPECT_FALSE(left[0][1].has_value());
  EXPECT_TRUE(left[1][1].has_value());
  EXPECT_TRUE(median_polish({}).empty());
}

}  // namespace
}  // namespace gradwatt
