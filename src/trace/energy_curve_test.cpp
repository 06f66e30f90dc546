#include "trace/energy_curve.h"

#include <gtest/gtest.h>

#include <cmath>

namespace gradwatt {
namespace {

TEST(EnergyCurve, GivesTheMeanPowerOfAnyPart) {
  EnergyCurve curve;
  curve.add(0, 0);
  curve.add(10, 100);
  curve.add(20, 400);
  EXPECT_DOUBLE_EQ(*curve.mean_w(2, 5), 10);
  EXPECT_DOUBLE_EQ(*curve.mean_w(5, 15), 20);  // 50 J and 150 J
}

TEST(EnergyCurve, KnowsNothingOutsideItsKnotsAndInsideAGap) {
  EnergyCurve curve;
  curve.add(0, 0);
  curve.add(10, 100);
  curve.add_gap(4, 5);
  EXPECT_FALSE(curve.mean_w(-1, 1));
  EXPECT_FALSE(curve.mean_w(9, 11));
  EXPECT_FALSE(curve.mean_w(4.5, 6));
  EXPECT_DOUBLE_EQ(*curve.mean_w(5, 6), 10);
  EXPECT_FALSE(EnergyCurve{}.mean_w(0, 1));
}

TEST(EnergyCurve, SumsCurvesWhereAllAreKnown) {
  EnergyCurve a;
  a.add(0, 0);
  a.add(10, 100);
  EnergyCurve b;
  b.add(5, 7);
  b.add(15, 27);
  const std::vector<EnergyCurve> both{a, b};
  const EnergyCurve sum = EnergyCurve::sum_of(both);
  EXPECT_EQ(sum.begin_s(), 5);
  EXPECT_EQ(sum.end_s(), 10);
  EXPECT_DOUBLE_EQ(*sum.mean_w(6, 9), 12);
}

TEST(EnergyCurve, JoinsRecordsWithAGapBetween) {
  EnergyCurve first;
  first.add(0, 0);
  first.add(10, 100);
  EnergyCurve joined;
  joined.append(first, 0);
  joined.append(first, 60);
  EXPECT_FALSE(joined.mean_w(5, 65));
  EXPECT_DOUBLE_EQ(*joined.mean_w(61, 69), 10);
}

TEST(EnergyCurve, TakesPowersAsStraightLinesBetweenSamples) {
  const EnergyCurve curve =
      EnergyCurve::of_power(std::vector<double>{0, 1, 2}, std::vector<double>{100, 100, 300});
  EXPECT_DOUBLE_EQ(*curve.mean_w(0, 2), 150);  // 100 J + 200 J
}

TEST(EnergyCurve, MarksUnknownCells) {
  EnergyCurve curve;
  curve.add(0, 0);
  curve.add(2, 20);
  const auto cells = cells_of(curve, 0, 1, 3);
  EXPECT_DOUBLE_EQ(cells[1], 10);
  EXPECT_TRUE(std::isnan(cells[2]));
}

}  // namespace
}  // namespace gradwatt
