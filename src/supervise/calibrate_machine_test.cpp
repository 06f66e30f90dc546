#include "supervise/calibrate_machine.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using std::chrono::milliseconds;

CalibratedChannel gpu() {
  CalibratedChannel channel;
  channel.info = {"gpu0", "GPU-1", "nvml", "power"};
  channel.idle = IdlePower{Power{60}, Power{1}, 30};
  channel.refresh.shortest = milliseconds(90);
  channel.refresh.typical = milliseconds(100);
  return channel;
}

TEST(NoteResult, KeepsTheUsualUpdatePeriod) {
  CalibrateResult result;
  result.channels = {gpu()};
  Calibration calibration;
  note_result(calibration, result, WallTime{5});
  const SensorFacts& facts = calibration.sensors.at("nvml/gpu0@GPU-1");
  EXPECT_EQ(facts.refresh, milliseconds(100));
  EXPECT_FALSE(facts.window);
  EXPECT_EQ(facts.found_at, WallTime{5});
  EXPECT_EQ(calibration.idle.at("nvml/gpu0@GPU-1").mean, Power{60});
}

TEST(NoteResult, LeavesWhatWasNotFoundAsItWas) {
  CalibrateResult result;
  result.channels = {gpu()};
  Calibration calibration;
  calibration.idle["nvml/gpu0@GPU-1"].with_context = Power{90};
  calibration.sensors["nvml/gpu0@GPU-1"].window = milliseconds(25);
  note_result(calibration, result, WallTime{});
  EXPECT_EQ(calibration.idle.at("nvml/gpu0@GPU-1").with_context, Power{90});
  EXPECT_EQ(calibration.sensors.at("nvml/gpu0@GPU-1").window, milliseconds(25));
}

}  // namespace
}  // namespace gradwatt
