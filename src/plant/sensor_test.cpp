#include "plant/sensor.h"

#include "base/error.h"
#include "plant/signal_text.h"

#include <gmock/gmock.h>

#include <vector>

namespace gradwatt {
namespace {

using std::chrono::milliseconds;

/// A sensor on a signal, without scale errors.
struct Rig {
  Rig(const char* text, const char* sensor_name, Fault fault = {}, std::uint64_t seed = 1)
      : signal(parse_signal(text)), sensor(signal, sensor_named(sensor_name), fault, 0.05, seed) {}
  std::int64_t read(int ms) { return sensor.read(milliseconds(ms)).value_or(-1); }

  Signal signal;
  PlantSensor sensor;
};

/// When a value changed, looking every 0.1 ms.
std::vector<double> changes_ms(Rig& rig, int for_ms) {
  std::vector<double> changes;
  std::int64_t before = rig.read(0);
  for (int i = 1; i < 10 * for_ms; ++i) {
    const auto now = rig.sensor.read(std::chrono::microseconds(100 * i)).value_or(-1);
    if (now != before) {
      changes.push_back(0.1 * i);
      before = now;
    }
  }
  return changes;
}

TEST(PlantSensor, ShowsACountersEnergyAtItsRenewals) {
  Rig rig("constant power=300", "nvml-counter");
  const auto changes = changes_ms(rig, 1000);
  ASSERT_GE(changes.size(), 9);
  for (std::size_t i = 1; i < changes.size(); ++i) {
    EXPECT_NEAR(changes[i] - changes[i - 1], 100, 0.11);
  }
  EXPECT_NEAR(static_cast<double>(rig.read(5000) - rig.read(2000)), 900e6, 1000);
  EXPECT_EQ(rig.read(3000) % 250, 0);
}

TEST(PlantSensor, RenewsLateWithinItsJitter) {
  Rig rig("constant power=300", "nvml-counter-late");
  const auto changes = changes_ms(rig, 3000);
  for (std::size_t i = 1; i < changes.size(); ++i) {
    EXPECT_NEAR(changes[i] - changes[i - 1], 102.5, 1.7);
  }
}

TEST(PlantSensor, SeesOnlyAQuarterOfTheTimePartTime) {
  // In step with the sensor: it shows all or nothing (or a mix at the edge), never the mean.
  int far_off = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Rig rig("square low=0 high=400 period=0.1", "nvml-part-time", {}, seed);
    const double watts = static_cast<double>(rig.read(10'000)) * 1e-6;
    EXPECT_EQ(rig.read(10'000), rig.read(20'000));
    far_off += watts < 1 || watts > 399 ? 1 : 0;
  }
  EXPECT_GT(far_off, 30);
}

TEST(PlantSensor, LagsBehindBySecondMeans) {
  Rig rig("ramp from=0 to=1000 over=10", "nvml-average");
  // At 5 s it shows the mean of the second before its last renewal: 400 to 450 W.
  const double watts = static_cast<double>(rig.read(5000)) * 1e-6;
  EXPECT_GE(watts, 439);
  EXPECT_LE(watts, 451);
}

TEST(PlantSensor, IsTheSameForASeedAndAnotherForAnother) {
  const auto values = [](std::uint64_t seed) {
    Rig rig("random low=60 high=400 step=0.3", "rapl", {}, seed);
    std::vector<std::int64_t> shown;
    for (int ms = 0; ms < 2000; ms += 13) {
      shown.push_back(rig.read(ms));
    }
    return shown;
  };
  EXPECT_EQ(values(3), values(3));
  EXPECT_NE(values(3), values(4));
}

TEST(PlantSensor, WrapsAtItsRange) {
  Rig rig("constant power=1000", "rapl");
  const auto range = sensor_named("rapl").range->microjoules;
  std::int64_t falls = 0;
  std::int64_t before = rig.read(0);
  for (int s = 1; s < 1000; ++s) {
    const std::int64_t now = rig.read(1000 * s);
    EXPECT_LT(now, range);
    falls += now < before ? 1 : 0;
    before = now;
  }
  EXPECT_THAT(falls, testing::AllOf(testing::Ge(3), testing::Le(4)));
}

TEST(PlantSensor, FailsOnceOrForAWhile) {
  Rig once("constant power=1", "nvml-counter", {Fault::Kind::failed_read, std::chrono::seconds(1)});
  EXPECT_NE(once.read(900), -1);
  EXPECT_EQ(once.read(1100), -1);
  EXPECT_NE(once.read(1101), -1);
  Rig longer("constant power=1",
             "hwmon",
             {Fault::Kind::failed_reads, std::chrono::seconds(1), std::chrono::seconds(2)});
  EXPECT_NE(longer.read(900), -1);
  EXPECT_EQ(longer.read(1100), -1);
  EXPECT_EQ(longer.read(2999), -1);
  EXPECT_NE(longer.read(3000), -1);
}

TEST(PlantSensor, BeginsAnewAfterAReset) {
  Rig rig("constant power=100", "nvml-counter", {Fault::Kind::reset, std::chrono::seconds(5)});
  EXPECT_GT(rig.read(4999), 0);
  EXPECT_EQ(rig.read(5000), 0);
  EXPECT_NEAR(static_cast<double>(rig.read(15'000)), 1000e6, 10.1e6);
}

TEST(PlantSensor, FreezesAndCatchesUpOrLoses) {
  const Fault fault{Fault::Kind::freeze, std::chrono::seconds(5), std::chrono::seconds(3)};
  Rig sound("constant power=100", "nvml-counter");
  Rig frozen("constant power=100", "nvml-counter", fault);
  EXPECT_EQ(frozen.read(4900), sound.read(4900));
  EXPECT_EQ(frozen.read(5200), frozen.read(7900));
  EXPECT_EQ(frozen.read(9000), sound.read(9000));
  Rig losing("constant power=100",
             "nvml-counter",
             {Fault::Kind::freeze_losing, std::chrono::seconds(5), std::chrono::seconds(3)});
  EXPECT_NEAR(static_cast<double>(sound.read(9000) - losing.read(9000)), 300e6, 10.1e6);
}

TEST(PlantSensor, ShowsOneOddValue) {
  Rig glitch("constant power=100", "rapl", {Fault::Kind::glitch, std::chrono::seconds(1)});
  Rig sound("constant power=100", "rapl");
  EXPECT_GT(std::abs(glitch.read(1000) - sound.read(1000)), 10'000'000'000);
  EXPECT_EQ(glitch.read(1001), sound.read(1001));
  Rig spike("constant power=100", "hwmon", {Fault::Kind::spike, std::chrono::seconds(1)});
  EXPECT_EQ(spike.read(1000), 1'000'000'000'000);
  EXPECT_EQ(spike.read(1001), 100'000'000);
}

TEST(PlantSensor, KeepsItsScaleWithinTheBound) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Rig rig("constant power=100", "nvml-instant", {Fault::Kind::scale}, seed);
    EXPECT_NEAR(1 / rig.sensor.scale(), 1, 0.05);
    EXPECT_NEAR(static_cast<double>(rig.read(1000)), 100e6 * rig.sensor.scale(), 1000);
  }
}

TEST(PlantSensor, HasNamesThatAreKnown) {
  EXPECT_EQ(sensor_specs().size(), 8);
  for (const SensorSpec& spec : sensor_specs()) {
    EXPECT_STREQ(sensor_named(spec.name).name, spec.name);
  }
  for (const NamedFault& fault : named_faults()) {
    EXPECT_STREQ(fault_named(fault.name).name, fault.name);
  }
  EXPECT_THROW(static_cast<void>(sensor_named("rappl")), UsageError);
  EXPECT_THROW(static_cast<void>(fault_named("frieze")), UsageError);
}

}  // namespace
}  // namespace gradwatt
