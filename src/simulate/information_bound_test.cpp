#include "simulate/information_bound.h"

#include "plant/signal_text.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A sensor and a window given by places between its renewals.
struct Rig {
  Rig(const char* text, const char* name)
      : signal(parse_signal(text)), sensor(signal, sensor_named(name), {}, 0, 7) {}

  /// `renewals` behind the sensor's 20th renewal.
  [[nodiscard]] Duration place(double renewals) const {
    const auto step = static_cast<double>(sensor.spec().refresh.count());
    return sensor.time_of(20) + Duration(std::llround(renewals * step));
  }
  [[nodiscard]] double bound(double from, double to, Duration seen_until) const {
    const TrueWindow window{place(from), place(to), signal.joules(place(from), place(to))};
    return information_bound(signal, sensor, limits, window, seen_until);
  }
  [[nodiscard]] double bound(double from, double to) const {
    return bound(from, to, std::chrono::hours(1));
  }
  [[nodiscard]] double quantum_j() const { return 1e-6 * static_cast<double>(sensor.quantum()); }

  Signal signal;
  PlantSensor sensor;
  PlantLimits limits;
};

TEST(InformationBound, WorkedExampleOfACounter) {
  const Rig rig("constant power=300", "nvml-counter");
  const double quanta = 2 * rig.quantum_j();
  // In the middle of a cell of 30 J: 0 to 30 J, for 50 ms at 700 W are more than that.
  EXPECT_NEAR(rig.bound(0.5, 10.5), 60 + quanta, 1e-5);
  // 10 ms behind a renewal at most 7 J, and at least none: 90 ms could hold it all.
  EXPECT_NEAR(rig.bound(0.1, 10.1), 14 + quanta, 1e-5);
  // At renewals nothing is unknown but the quantum.
  EXPECT_NEAR(rig.bound(0, 10), quanta, 1e-5);
  // Both ends in one cell: 30 J less what at most 40 ms at 700 W outside hold, to all of it.
  EXPECT_NEAR(rig.bound(0.2, 0.8), 28 + quanta, 1e-5);
}

TEST(InformationBound, WhatIsNotShownAnyMoreCanBeAnything) {
  const Rig rig("constant power=300", "nvml-counter");
  const double quanta = 2 * rig.quantum_j();
  // The last cell is seen up to its begin only: 50 ms of 0 to 700 W.
  EXPECT_NEAR(rig.bound(0, 10.5, rig.place(10.5)), 35 + quanta, 1e-5);
}

TEST(InformationBound, KnowsLessOfNothingWithANarrowerRangeOfPower) {
  Rig rig("constant power=300", "nvml-counter");
  rig.limits = {Power{300}, Power{300}};
  EXPECT_NEAR(rig.bound(0.5, 10.5), 0, 2e-3);
}

TEST(InformationBound, PartTimeSensorsLeaveTheUnseenShare) {
  const Rig rig("constant power=300", "nvml-part-time");
  // From window's end to window's end: ten times 75 ms unseen, 0 to 700 W.
  EXPECT_NEAR(rig.bound(0, 10), 525, 0.01);
}

TEST(InformationBound, MeansOverASecondAreCellsOfASecond) {
  const Rig rig("constant power=300", "nvml-average");
  // Four whole cells of one chain: nothing but quanta.
  EXPECT_NEAR(rig.bound(0, 40), 0, 0.01);
  // 50 ms beside all of them: the best chain is cut 50 ms from a cell's end at either edge.
  EXPECT_NEAR(rig.bound(0.5, 40.5), 70, 0.01);
}

TEST(InformationBound, AScaleAddsItsShare) {
  Rig rig("constant power=300", "nvml-counter");
  rig.limits.scale_bound = 0.05;
  EXPECT_NEAR(rig.bound(0, 100), 300 + 2 * rig.quantum_j(), 1e-5);
}

}  // namespace
}  // namespace gradwatt
