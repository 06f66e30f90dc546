#include "measure/idle_measurement.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

TEST(IdlePowerOf, IsTheMeanAndHowMuchSecondsDiffer) {
  EnergyCurve steady;
  steady.add(0, 0);
  steady.add(10, 100);
  const auto same = idle_power_of(steady);
  ASSERT_TRUE(same);
  EXPECT_DOUBLE_EQ(same->mean.watts, 10);
  EXPECT_NEAR(same->spread.watts, 0, 1e-6);
  EXPECT_DOUBLE_EQ(same->duration_s, 10);

  EnergyCurve wavering;  // 9 W and 11 W by turns
  double joules = 0;
  for (int t = 0; t <= 100; ++t) {
    wavering.add(t, joules);
    joules += t % 2 == 0 ? 9 : 11;
  }
  const auto differing = idle_power_of(wavering);
  EXPECT_NEAR(differing->mean.watts, 10, 1e-9);
  EXPECT_NEAR(differing->spread.watts, 1, 0.01);
}

TEST(IdlePowerOf, LeavesGapsOutAndNeedsFiveSeconds) {
  EnergyCurve curve;
  curve.add(0, 0);
  curve.add(10, 100);
  curve.add(11, 5000);
  curve.add(20, 5090);
  curve.add_gap(10, 11);
  EXPECT_DOUBLE_EQ(idle_power_of(curve)->mean.watts, 10);
  EnergyCurve brief;
  brief.add(0, 0);
  brief.add(4.5, 45);
  EXPECT_FALSE(idle_power_of(brief));
  EXPECT_FALSE(idle_power_of(EnergyCurve{}));
}

}  // namespace
}  // namespace gradwatt
