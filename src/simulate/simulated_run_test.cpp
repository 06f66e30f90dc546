#include "simulate/simulated_run.h"

#include "plant/signal_text.h"
#include "record/account.h"
#include "simulate/stored_simulation.h"

#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <string>

namespace gradwatt {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;

SimulationSetup setup_of(const Signal& signal, const char* sensor, Duration duration) {
  SimulationSetup setup;
  setup.signal = &signal;
  setup.sensor = sensor_named(sensor);
  setup.duration = duration;
  return setup;
}

bool holds(const BoundedEnergy& energy, double joules) {
  return energy.lo.joules() - 1e-6 <= joules && joules <= energy.hi.joules() + 1e-6;
}

double width(const BoundedEnergy& energy) { return (energy.hi - energy.lo).joules(); }

/// A simulated hour of 200 W on a counter with 262 kJ of range, with a fault.
struct RaplHour {
  explicit RaplHour(Fault fault, const char* text = "constant power=200")
      : signal(parse_signal(text)) {
    SimulationSetup setup = setup_of(signal, "rapl", hours(1));
    setup.fault = fault;
    setup.limits.power_max = Power{1000};
    const SimulatedRun run = simulate(setup);
    truth = run.total.joules;
    account = account_of(run.record);
  }
  [[nodiscard]] double error() const { return account.total->energy.joules() - truth; }

  Signal signal;
  double truth = 0;
  RunAccount account;
};

/// What a millisecond and a quantum at either end can amount to.
constexpr double kEdges = 0.5;

TEST(RaplHour, NaturalWrapsCostNothing) {
  const RaplHour hour({});
  EXPECT_DOUBLE_EQ(hour.truth, 720'000);
  EXPECT_NEAR(hour.error(), 0, kEdges);
  EXPECT_TRUE(holds(*hour.account.total, hour.truth));
  EXPECT_TRUE(hour.account.gaps.empty());
}

TEST(RaplHour, FailedReadsCostNothing) {
  const RaplHour once({Fault::Kind::failed_read, minutes(20)});
  EXPECT_NEAR(once.error(), 0, kEdges);
  EXPECT_EQ(once.account.gaps.size(), 1);
  const RaplHour longer({Fault::Kind::failed_reads, minutes(20), seconds(20)});
  EXPECT_NEAR(longer.error(), 0, kEdges);
  ASSERT_EQ(longer.account.gaps.size(), 1);
  EXPECT_FALSE(longer.account.gaps[0].energy_lost);
  EXPECT_NEAR(
      gradwatt::seconds(longer.account.gaps[0].end - longer.account.gaps[0].begin), 20, 0.3);
}

TEST(RaplHour, AResetIsToldAndNoMoreThanItsGapIsUncertain) {
  const RaplHour hour({Fault::Kind::reset, minutes(20)});
  ASSERT_EQ(hour.account.gaps.size(), 1);
  const GapAccount& gap = hour.account.gaps[0];
  EXPECT_TRUE(gap.energy_lost);
  EXPECT_THAT(gap.reason, HasSubstr("reset"));
  ASSERT_TRUE(gap.most);
  EXPECT_TRUE(holds(*hour.account.total, hour.truth));
  const RaplHour sound({});
  EXPECT_LE(width(*hour.account.total),
            width(*sound.account.total) + (*gap.most - gap.least).joules() + 1e-3);
}

TEST(RaplHour, AStoppedSamplerIsToldAsAmbiguous) {
  const RaplHour hour({Fault::Kind::stall, minutes(15), minutes(30)}, "constant power=300");
  ASSERT_EQ(hour.account.gaps.size(), 1);
  EXPECT_THAT(hour.account.gaps[0].reason, HasSubstr("longer than the counter takes to wrap"));
  EXPECT_TRUE(hour.account.gaps[0].energy_lost);
  EXPECT_TRUE(holds(*hour.account.total, hour.truth));
  EXPECT_NEAR(gradwatt::seconds(hour.account.gaps[0].end - hour.account.gaps[0].begin), 1800, 1);
}

TEST(SimulatedRun, IsExactForSteadyLoadsAndTails) {
  struct Case {
    const char* sensor;
    double percent;
  };
  for (const Case& mode :
       {Case{"nvml-counter", 0.2}, Case{"nvml-instant", 0.2}, Case{"nvml-average", 1.0}}) {
    for (const char* name : {"constant", "tail"}) {
      const Signal signal = parse_signal(name);
      const SimulatedRun run = simulate(setup_of(signal, mode.sensor, seconds(60)));
      const RunAccount account = account_of(run.record);
      EXPECT_NEAR(account.total->energy.joules() / run.total.joules, 1, mode.percent / 100)
          << mode.sensor << ' ' << name;
      EXPECT_TRUE(holds(*account.total, run.total.joules)) << mode.sensor << ' ' << name;
    }
  }
}

TEST(SimulatedRun, ShortEpochsHoldTheTruthAndAddUp) {
  const Signal signal = parse_signal("square low=60 high=300 period=0.31");
  SimulationSetup setup = setup_of(signal, "nvml-counter", milliseconds(10'000));
  setup.epochs = 30;
  const SimulatedRun run = simulate(setup);
  const RunAccount account = account_of(run.record);
  ASSERT_EQ(account.epochs.size(), 30);
  Energy sum = account.outside_epochs.value_or(Energy{});
  for (std::size_t i = 0; i < 30; ++i) {
    EXPECT_TRUE(holds(*account.epochs[i].energy, run.epochs[i].joules)) << i;
    sum += account.epochs[i].energy->energy;
  }
  EXPECT_EQ(sum, account.total->energy);
}

TEST(SimulatedRun, TwiceTheWattsAreTwiceTheJoules) {
  const Signal once = parse_signal("constant power=100");
  const Signal twice = parse_signal("constant power=200");
  const auto joules = [](const Signal& signal) {
    const SimulatedRun run = simulate(setup_of(signal, "nvml-instant", seconds(20)));
    return account_of(run.record).total->energy.joules();
  };
  EXPECT_NEAR(joules(twice), 2 * joules(once), 0.01);
}

TEST(SimulatedRun, IsTheSameForASeed) {
  const Signal signal = parse_signal("random");
  SimulationSetup setup = setup_of(signal, "nvml-counter-late", seconds(5));
  setup.epochs = 3;
  add_fault(setup, Fault::Kind::glitch);
  const SimulatedRun first = simulate(setup);
  const SimulatedRun again = simulate(setup);
  ASSERT_EQ(first.record.samples.size(), again.record.samples.size());
  for (std::size_t i = 0; i < first.record.samples.size(); ++i) {
    EXPECT_EQ(first.record.samples[i].time, again.record.samples[i].time);
    EXPECT_EQ(first.record.samples[i].channels, again.record.samples[i].channels);
  }
  EXPECT_EQ(first.record.marks, again.record.marks);
  setup.seed = 2;
  const SimulatedRun other = simulate(setup);
  EXPECT_NE(first.record.samples.back().channels, other.record.samples.back().channels);
}

TEST(StoredSimulation, GivesTheSameAccountFromItsFile) {
  const auto root = std::filesystem::path(testing::TempDir()) / "gradwatt_stored_simulation";
  std::filesystem::remove_all(root);
  const Signal signal = parse_signal("epochs");
  SimulationSetup setup = setup_of(signal, "nvml-counter", seconds(30));
  setup.epochs = 3;
  const SimulatedRun run = simulate(setup);
  const StoredRun stored = store_simulation(run, "trial", Store(root));
  EXPECT_EQ(load_manifest(stored.folder).tags.at("simulated"), "yes");
  EXPECT_EQ(load_manifest(stored.folder).state, RunState::done);
  const RunAccount direct = account_of(run.record);
  const RunAccount from_file = account_of(stored.folder);
  ASSERT_EQ(from_file.epochs.size(), 3);
  // The file's times are whole microseconds.
  EXPECT_NEAR(from_file.total->energy.joules(), direct.total->energy.joules(), 0.01);
  EXPECT_TRUE(holds(*from_file.total, run.total.joules));
  std::filesystem::remove_all(root);
}

}  // namespace
}  // namespace gradwatt
