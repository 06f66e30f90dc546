#include "measure/fake_tree_test.h"
#include "measure/sources/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class RaplTest : public testing::Test {
 protected:
  Discovery discover() {
    Machine machine;
    machine.sysroot = tree_.root();
    machine.clock = &clock_;
    return rapl_family().discover(machine, {});
  }
  static std::vector<std::string> names(const Discovery& discovery) {
    std::vector<std::string> names;
    for (const auto& source : discovery.sources) {
      for (const ChannelInfo& channel : source->channels()) {
        names.push_back(channel.channel + (channel.in_total ? "+" : ""));
      }
    }
    return names;
  }
  std::vector<ChannelReading> read(PowerSource& source) {
    std::vector<ChannelReading> readings(source.channels().size());
    source.read(readings);
    return readings;
  }
  FakeTree tree_;
  ManualClock clock_;
};

TEST_F(RaplTest, AddsPackagesAndMemoryButNeitherPartsNorThePlatform) {
  tree_.zone("intel-rapl:0", "package-0", 1)
      .zone("intel-rapl:0:0", "core", 1)
      .zone("intel-rapl:0:1", "dram", 1)
      .zone("intel-rapl:1", "package-1-die-0", 1)
      .zone("intel-rapl:2", "psys", 1)
      .file("sys/class/powercap/intel-rapl/enabled", "1\n");
  EXPECT_THAT(names(discover()), ElementsAre("pkg0+", "core0", "dram0+", "pkg1-die-0+", "psys"));
}

TEST_F(RaplTest, TakesThePackageOnceWhenItIsThereTwice) {
  tree_.zone("intel-rapl:0", "package-0", 1).zone("intel-rapl-mmio:0", "package-0", 1);
  EXPECT_THAT(names(discover()), ElementsAre("pkg0+"));
}

TEST_F(RaplTest, TakesTheMemoryMappedPackageWhenThereIsNoOther) {
  tree_.zone("intel-rapl-mmio:0", "package-0", 1);
  EXPECT_THAT(names(discover()), ElementsAre("pkg0+"));
}

TEST_F(RaplTest, LeavesOutTheSingleCoreThatAmdCallsCore) {
  tree_.file("proc/cpuinfo", cpuinfo("AuthenticAMD", 25, 1, "AMD EPYC", 2))
      .zone("intel-rapl:0", "package-0", 1)
      .zone("intel-rapl:0:0", "core", 1);
  const auto discovery = discover();
  EXPECT_THAT(names(discovery), ElementsAre("pkg0+"));
  EXPECT_DOUBLE_EQ(discovery.sources[0]->channels()[0].gain_hi, 0.15);
}

TEST_F(RaplTest, CountsOnAcrossAWrap) {
  constexpr std::int64_t kGreatest = 262143328850;
  tree_.zone("intel-rapl:0", "package-0", kGreatest - 5'000'000);
  const auto discovery = discover();
  PowerSource& rapl = *discovery.sources.at(0);
  EXPECT_EQ(std::get<Energy>(read(rapl)[0]), Energy{});
  clock_.pass(0.1);
  tree_.energy("intel-rapl:0", 3'000'000);
  // 5 J to the greatest value, one unit of 61 µJ past it, 3 J from zero.
  EXPECT_EQ(std::get<Energy>(read(rapl)[0]), Energy{8'000'061});
}

TEST_F(RaplTest, CallsAResetUncertainInsteadOfAWrap) {
  tree_.zone("intel-rapl:0", "package-0", 100'000'000'000);
  const auto discovery = discover();
  PowerSource& rapl = *discovery.sources.at(0);
  static_cast<void>(read(rapl));
  clock_.pass(0.1);
  tree_.energy("intel-rapl:0", 0);
  // One odd value may be a glitch; the next decides.
  EXPECT_TRUE(std::holds_alternative<ReadFailure>(read(rapl)[0]));
  clock_.pass(0.1);
  tree_.energy("intel-rapl:0", 5'000'000);
  EXPECT_EQ(std::get<Uncertain>(read(rapl)[0]).since_first, Energy{5'000'000});
}

TEST_F(RaplTest, FailsAReadingWithoutInventingAValue) {
  tree_.zone("intel-rapl:0", "package-0", 1'000'000).zone("intel-rapl:1", "package-1", 1);
  const auto discovery = discover();
  PowerSource& rapl = *discovery.sources.at(0);
  static_cast<void>(read(rapl));
  clock_.pass(0.1);
  for (const std::string text : {"", "soon", "-5"}) {
    tree_.file("sys/class/powercap/intel-rapl:0/energy_uj", text);
    EXPECT_EQ(std::get<ReadFailure>(read(rapl)[0]).errno_value, EINVAL) << text;
  }
  tree_.remove("sys/class/powercap/intel-rapl:0/energy_uj");
  EXPECT_EQ(std::get<ReadFailure>(read(rapl)[0]).errno_value, ENOENT);
  EXPECT_TRUE(std::holds_alternative<Energy>(read(rapl)[1]));
  tree_.energy("intel-rapl:0", 4'000'000);
  EXPECT_EQ(std::get<Energy>(read(rapl)[0]), Energy{3'000'000});
}

TEST_F(RaplTest, SaysWhyThereIsNothingInAVirtualMachine) {
  tree_.file("proc/cpuinfo", "processor : 0\nflags : fpu hypervisor lahf_lm\n");
  const auto discovery = discover();
  EXPECT_TRUE(discovery.sources.empty());
  ASSERT_EQ(discovery.findings.size(), 1U);
  EXPECT_EQ(discovery.findings[0].status, Finding::Status::absent);
  EXPECT_THAT(discovery.findings[0].detail, HasSubstr("virtual machine"));
}

TEST_F(RaplTest, NeverAdvisesToOpenTheCountersToEveryone) {
  tree_.zone("intel-rapl:0", "package-0", 1);
  tree_.remove("sys/class/powercap/intel-rapl:0/energy_uj");
  const auto discovery = discover();
  ASSERT_FALSE(discovery.findings.empty());
  EXPECT_EQ(discovery.findings[0].status, Finding::Status::denied);
  for (const Finding& finding : discovery.findings) {
    EXPECT_THAT(finding.fix, testing::Not(HasSubstr("a+r")));
  }
}

}  // namespace
}  // namespace gradwatt
