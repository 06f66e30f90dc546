#include "base/error.h"
#include "measure/cpu_power_table.h"
#include "measure/fake_tree_test.h"
#include "measure/machine_cpu_time.h"
#include "measure/sources/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using testing::HasSubstr;

class CpuModelTest : public testing::Test {
 protected:
  CpuModelTest() {
    tree_.file("proc/cpuinfo", cpuinfo("AuthenticAMD", 25, 17, "AMD EPYC 9654", 4));
    set_busy(0);
  }
  void set_busy(double s) {
    tree_.file("sys/fs/cgroup/cgroup.procs", "");
    tree_.file(
        "sys/fs/cgroup/cpu.stat",
        "usage_usec " + std::to_string(static_cast<std::int64_t>(s * 1e6)) + "\nuser_usec 0\n");
  }
  Machine machine() {
    Machine machine;
    machine.sysroot = tree_.root();
    machine.clock = &clock_;
    return machine;
  }
  FakeTree tree_;
  ManualClock clock_;
};

TEST_F(CpuModelTest, DrawsAStraightLineBetweenIdleAndFullLoad) {
  Machine m = machine();
  m.known_power = Machine::KnownPower{Power{10}, Power{50}};
  const auto discovery = cpu_model_family().discover(m, {});
  PowerSource& model = *discovery.sources.at(0);
  std::vector<ChannelReading> readings(1);
  model.read(readings);
  EXPECT_EQ(std::get<Energy>(readings[0]), Energy{});
  clock_.pass(10);
  set_busy(20);  // 20 CPU seconds on 4 CPUs in 10 s: half of full load.
  model.read(readings);
  EXPECT_EQ(std::get<Energy>(readings[0]), Energy::from_joules(300));
  EXPECT_DOUBLE_EQ(model.channels()[0].gain_hi, 0.25);
}

TEST_F(CpuModelTest, IsAlwaysAnEstimateWithTheIntervalOfItsTable) {
  const auto discovery = cpu_model_family().discover(machine(), {});
  const ChannelInfo& info = discovery.sources.at(0)->channels()[0];
  EXPECT_EQ(info.kind, EnergyKind::estimated);
  EXPECT_EQ(info.method, "model");
  EXPECT_DOUBLE_EQ(info.gain_lo, 0.5);
  EXPECT_THAT(info.basis, HasSubstr("4th generation"));
  EXPECT_NEAR(info.power_max->watts, 4 * 2.141, 1e-9);
}

TEST_F(CpuModelTest, StandsBackWhereTheCpuIsMeasured) {
  const std::vector<std::string> measured{"cpu-package"};
  const auto discovery = cpu_model_family().discover(machine(), measured);
  EXPECT_TRUE(discovery.sources.empty());
  EXPECT_EQ(discovery.findings.at(0).status, Finding::Status::unused);
}

TEST_F(CpuModelTest, ShowsTheRunsShareBesideTheTotalAndNeverInIt) {
  Machine m = machine();
  m.known_power = Machine::KnownPower{Power{10}, Power{50}};
  Duration used{};
  m.run_cpu_time = [&] { return std::optional(used); };
  const auto discovery = cpu_model_family().discover(m, {});
  PowerSource& model = *discovery.sources.at(0);
  EXPECT_FALSE(model.channels().at(1).in_total);
  std::vector<ChannelReading> readings(2);
  model.read(readings);
  used = from_seconds(8);
  model.read(readings);
  EXPECT_EQ(std::get<Energy>(readings[1]), Energy::from_joules(80));  // 40 W above idle x 8 s / 4
  used = from_seconds(2);  // A process ended unseen: energy never runs backwards.
  model.read(readings);
  EXPECT_EQ(std::get<Energy>(readings[1]), Energy::from_joules(80));
}

TEST_F(CpuModelTest, SaysNothingOfTheRunWhileItsTimeIsNotRenewed) {
  Machine m = machine();
  m.run_cpu_time = [] { return std::optional<Duration>(); };
  const auto discovery = cpu_model_family().discover(m, {});
  std::vector<ChannelReading> readings(2);
  discovery.sources.at(0)->read(readings);
  EXPECT_TRUE(std::holds_alternative<Energy>(readings[0]));
  EXPECT_TRUE(std::holds_alternative<NotRenewed>(readings[1]));
}

TEST_F(CpuModelTest, ReportsWhatItCannotRead) {
  const auto discovery = cpu_model_family().discover(machine(), {});
  PowerSource& model = *discovery.sources.at(0);
  std::vector<ChannelReading> readings(1);
  tree_.file("sys/fs/cgroup/cpu.stat", "");
  model.read(readings);
  EXPECT_TRUE(std::holds_alternative<ReadFailure>(readings[0]));
}

TEST_F(CpuModelTest, DoesNotTakeAContainersTimeForTheMachines) {
  tree_.file("sys/fs/cgroup/cgroup.type", "domain\n");
  tree_.file("proc/stat", "cpu  100 0 50 900 10 5 5 7 0 0\ncpu0 1 1 1 1\n");
  MachineCpuTime time(tree_.root());
  EXPECT_THAT(time.origin(), HasSubstr("proc/stat"));
  EXPECT_EQ(time.read(), from_seconds(1.6));  // user + nice + system + irq + softirq ticks
}

TEST(ThreadPowerOf, FindsTheGenerationByFamilyModelAndStepping) {
  CpuIdentity cpu{"GenuineIntel", "Intel Xeon", 6, 85, 7, 2};
  EXPECT_DOUBLE_EQ(thread_power(cpu, cpu_power_table()).full_w, 3.967);
  cpu.stepping = 4;
  EXPECT_DOUBLE_EQ(thread_power(cpu, cpu_power_table()).full_w, 4.193);
}

TEST(ThreadPowerOf, WidensForACpuThatIsNotListed) {
  const CpuIdentity cpu{"AuthenticAMD", "AMD EPYC", 26, 2, 1, 2};
  const ThreadPower power = thread_power(cpu, cpu_power_table());
  EXPECT_THAT(power.basis, HasSubstr("not in the table"));
  // The interval of the middle row still holds every row of the vendor with its own ±50 %.
  for (const CpuPowerRow& row : cpu_power_table()) {
    if (row.vendor == cpu.vendor) {
      EXPECT_LE(power.full_w * (1 - power.gain_lo), row.full_w * 0.5 + 1e-9);
      EXPECT_GE(power.full_w * (1 + power.gain_hi), row.full_w * 1.5 - 1e-9);
      EXPECT_LE(power.idle_w * (1 - power.gain_lo), row.idle_w * 0.5 + 1e-9);
      EXPECT_GE(power.idle_w * (1 + power.gain_hi), row.idle_w * 1.5 - 1e-9);
    }
  }
}

TEST(CpuPowerTable, NamesTheLineThatCannotBeRead) {
  try {
    static_cast<void>(parse_cpu_power_table("# c\nhead\nAMD,1,2,,Gen,5,3,x\n"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("line 3"));
  }
}

}  // namespace
}  // namespace gradwatt
