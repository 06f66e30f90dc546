#include "simulate/truth_demands.h"

#include "simulate/truth_table_text.h"

#include <gmock/gmock.h>

namespace gradwatt {
namespace {

TruthCell cell_of(int seeds, int missed) {
  TruthCell cell{"epochs", "rapl", "reset"};
  cell.seeds = seeds;
  cell.windows = 3 * seeds;
  cell.missed = missed;
  return cell;
}

TEST(MostByChance, IsWhatHappensToOneInAThousand) {
  EXPECT_EQ(most_by_chance(1000, 0.001), 5);  // P(X > 4) = 0.0036, P(X > 5) = 0.0006
  EXPECT_EQ(most_by_chance(20, 0.5), 17);     // P(X > 16) = 0.0013, P(X > 17) = 0.0002
  EXPECT_EQ(most_by_chance(1, 0.5), 1);
  EXPECT_EQ(most_by_chance(1, 0.001), 1);
}

TEST(TruthDemands, ACellMayMissWhatChanceDoesAndARowMayNot) {
  EXPECT_TRUE(is_good(cell_of(1000, 15)));  // Five runs of three windows.
  EXPECT_FALSE(is_good(cell_of(1000, 16)));
  TruthRow row{"rapl", "reset", 13, 13'000, 38'000, 38};
  EXPECT_TRUE(is_good(row));
  row.missed = 39;
  EXPECT_FALSE(is_good(row));
}

TEST(TruthDemands, WidthsOfFewRunsMayBeOff) {
  TruthCell cell = cell_of(20, 0);
  cell.median_width = 2.3;
  cell.wide = 51;  // 17 runs of 20.
  EXPECT_TRUE(is_good(cell));
  cell.wide = 52;
  EXPECT_FALSE(is_good(cell));
  cell = cell_of(1000, 0);
  cell.median_width = 2.01;
  cell.wide = 1501;
  EXPECT_FALSE(is_good(cell));
}

TEST(TruthDemands, TheTextEndsWithAllInOneLine) {
  TruthTable table;
  table.cells = {cell_of(1000, 4), cell_of(1000, 0)};
  table.cells[1].signal = "tail";
  table.cells[1].median_width = 1.98;
  table.runs = 2000;
  EXPECT_TRUE(is_good(table));
  EXPECT_THAT(truth_table_text(table),
              testing::EndsWith("2000 runs: 99.933 % inside; worst row rapl, reset: 99.933 %; "
                                "widest rapl, reset, tail: 1.98 times the bound\n"));
}

}  // namespace
}  // namespace gradwatt
