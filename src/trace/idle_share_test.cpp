#include "trace/idle_share.h"

#include <gtest/gtest.h>

#include <vector>

namespace gradwatt {
namespace {

/// 100 W for 10 s, then 22 W for 10 s, read every 100 ms.
EnergyCurve half_idle() {
  EnergyCurve curve;
  double joules = 0;
  for (int i = 0; i <= 200; ++i) {
    curve.add(0.1 * i, joules);
    joules += 0.1 * (i < 100 ? 100 : 22);
  }
  return curve;
}

TEST(IdleShare, OfARunThatIdledForHalfOfItsTime) {
  const auto share = idle_share(half_idle(), Power{20}, {});
  ASSERT_TRUE(share);
  EXPECT_NEAR(share->energy, 220.0 / 1220, 1e-9);
  EXPECT_NEAR(share->time, 0.5, 1e-9);
}

TEST(IdleShare, TakesADeviceThatDrawsMoreThanAFifthAboveIdleForBusy) {
  EXPECT_NEAR(idle_share(half_idle(), Power{18}, {}).value().time, 0, 1e-9);
}

TEST(IdleShare, BelievesTheDriverWhereIdlePowerIsNotKnown) {
  const std::vector<Utilisation> said{{0, 90}, {5, 2}};
  const auto share = idle_share(half_idle(), std::nullopt, said);
  ASSERT_TRUE(share);
  EXPECT_NEAR(share->time, 0.75, 1e-9);
  EXPECT_NEAR(share->energy, (500 + 220) / 1220.0, 1e-9);
  EXPECT_NEAR(idle_share(half_idle(), Power{20}, said).value().time, 0.5, 1e-9)
      << "both have to say so";
}

TEST(IdleShare, IsUnknownWithoutEitherAndForAShortRun) {
  EXPECT_FALSE(idle_share(half_idle(), std::nullopt, {}));
  EnergyCurve brief;
  brief.add(0, 0);
  brief.add(1, 20);
  EXPECT_FALSE(idle_share(brief, Power{20}, {}));
  EXPECT_FALSE(idle_share({}, Power{20}, {}));
}

TEST(IdleShare, LeavesOutCellsOfUnknownPower) {
  EnergyCurve curve = half_idle();
  curve.add_gap(2, 8);
  EXPECT_NEAR(idle_share(curve, Power{20}, {}).value().time, 10.0 / 14, 0.05);
}

}  // namespace
}  // namespace gradwatt
