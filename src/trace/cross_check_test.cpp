#include "trace/cross_check.h"

#include "trace/at_second_test.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace gradwatt {
namespace {

/// A counter read every 100 ms that counts `watts` from `from_s` on.
CumulativeSeries counting(double watts, double length_s, double from_s = 0) {
  CumulativeSeries series;
  for (int i = 0; i <= std::lround(length_s * 10); ++i) {
    const double t_s = i * 0.1;
    series.add(at(t_s), Energy::from_joules(watts * std::max(0.0, t_s - from_s)));
  }
  return series;
}

std::vector<StateRow> told(const std::vector<std::pair<double, double>>& powers) {
  std::vector<StateRow> rows;
  for (const auto& [t_s, watts] : powers) {
    rows.push_back({0, at(t_s), "gpu0", "power_w", watts});
  }
  return rows;
}

TEST(CrossCheck, WorkedExampleOfTheDocumentation) {
  // 100 W for 4 s, then 300 W for 16 s are 5200 J; the counter counted 260 W x 20 s = 5200 J.
  const auto check = cross_check(counting(260, 20), {}, told({{0, 100}, {4, 300}}), at(0), at(20));
  ASSERT_TRUE(check);
  EXPECT_NEAR(check->ratio, 1.0, 1e-9);
  EXPECT_EQ(check->readings, 20);
  EXPECT_TRUE(check->plausible);
  EXPECT_EQ(note_on(*check), "");
}

TEST(CrossCheck, NeedsTenReadingsAndAPower) {
  EXPECT_FALSE(cross_check(counting(100, 9), {}, told({{0, 100}}), at(0), at(9)));
  EXPECT_TRUE(cross_check(counting(100, 10), {}, told({{0, 100}}), at(0), at(10)));
  // The power was first told at 5 s.
  EXPECT_FALSE(cross_check(counting(100, 14), {}, told({{5, 100}}), at(0), at(14)));
  EXPECT_FALSE(cross_check(counting(100, 20), {}, {}, at(0), at(20)));
  EXPECT_FALSE(cross_check(counting(100, 20), {}, told({{0, 0}}), at(0), at(20)));
}

TEST(CrossCheck, FlagsACounterOfAnotherUnitOrThatStandsStill) {
  const auto powers = told({{0, 100}});
  const auto hundredfold = cross_check(counting(10'000, 20), {}, powers, at(0), at(20));
  EXPECT_NEAR(hundredfold->ratio, 100, 1e-9);
  EXPECT_FALSE(hundredfold->plausible);
  EXPECT_NE(note_on(*hundredfold).find("100 times"), std::string::npos);
  const std::vector<GapAccount> still{{"gpu0", at(0), at(20), kStandsStill, 0, true}};
  const auto none = cross_check(counting(0, 20), still, powers, at(0), at(20));
  EXPECT_EQ(none->ratio, 0);
  EXPECT_FALSE(none->plausible);
  EXPECT_TRUE(cross_check(counting(195, 20), {}, powers, at(0), at(20))->plausible);
  EXPECT_TRUE(cross_check(counting(55, 20), {}, powers, at(0), at(20))->plausible);
}

TEST(CrossCheck, LeavesOutWhatCouldNotBeRead) {
  // Nothing was counted in the first 15 s, in which the device was away.
  const std::vector<GapAccount> away{{"gpu0", at(0), at(15), "the GPU was lost", 0, true}};
  const auto check = cross_check(counting(100, 30, 15), away, told({{0, 100}}), at(0), at(30));
  EXPECT_NEAR(check->ratio, 1, 1e-9);
  EXPECT_EQ(check->readings, 15);
}

}  // namespace
}  // namespace gradwatt
