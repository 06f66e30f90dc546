#include "measure/broker_fake_test.h"
#include "measure/fake_tree_test.h"
#include "measure/sources/catalog.h"
#include "measure/without_rights_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>

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
  void close_to_all_but_root(const std::string& zone) {
    const auto file = tree_.root() / "sys/class/powercap" / zone / "energy_uj";
    ASSERT_EQ(::chmod(file.c_str(), 0), 0);
  }
  static Finding finding(const Discovery& discovery, const std::string& what) {
    for (const Finding& finding : discovery.findings) {
      if (finding.what == what) {
        return finding;
      }
    }
    return {};
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

TEST_F(RaplTest, SaysThatTheFirmwareDoesNotAnswerAndReadsTheOthers) {
  tree_.zone("intel-rapl:0", "package-0", 1).zone("intel-rapl:0:0", "dram", 1);
  const auto dram = tree_.root() / "sys/class/powercap/intel-rapl:0:0/energy_uj";
  std::filesystem::remove(dram);
  // Reading at the address 0 of a process fails as a register that does not answer does: EIO.
  std::filesystem::create_symlink("/proc/self/mem", dram);
  const auto discovery = discover();
  EXPECT_THAT(names(discovery), ElementsAre("pkg0+"));
  EXPECT_THAT(finding(discovery, "rapl dram0").detail, HasSubstr("firmware"));
}

TEST_F(RaplTest, SaysWhatIsMissingWhereOnlyRootMayRead) {
  tree_.zone("intel-rapl:0", "package-0", 1);
  close_to_all_but_root("intel-rapl:0");
  const WithoutRights ordinary;
  const auto discovery = discover();
  EXPECT_TRUE(discovery.sources.empty());
  EXPECT_EQ(finding(discovery, "rapl pkg0").status, Finding::Status::denied);
  EXPECT_EQ(finding(discovery, "rapl access").status, Finding::Status::denied);
}

TEST_F(RaplTest, ReadsThePackageWhereTheMemoryIsDenied) {
  tree_.zone("intel-rapl:0", "package-0", 1).zone("intel-rapl:0:0", "dram", 1);
  close_to_all_but_root("intel-rapl:0:0");
  const WithoutRights ordinary;
  const auto discovery = discover();
  EXPECT_THAT(names(discovery), ElementsAre("pkg0+"));
  EXPECT_EQ(finding(discovery, "rapl dram0").status, Finding::Status::denied);
}

TEST_F(RaplTest, ReadsThroughTheBrokersDescriptorWhatItMayNotOpen) {
  tree_.zone("intel-rapl:0", "package-0", 1'000'000).zone("intel-rapl:1", "package-1", 1);
  const auto file = tree_.root() / "sys/class/powercap/intel-rapl:1/energy_uj";
  std::vector<UniqueFd> passed;
  passed.emplace_back(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  close_to_all_but_root("intel-rapl:0");
  close_to_all_but_root("intel-rapl:1");
  FakeBroker broker(tree_.root() / "run/gradwatt-broker.sock");
  broker.say(serving({"intel-rapl:1"}), std::move(passed));
  const WithoutRights ordinary;
  const auto discovery = discover();
  EXPECT_THAT(names(discovery), ElementsAre("pkg1+"));
  EXPECT_THAT(finding(discovery, "rapl pkg1").detail, HasSubstr("gradwatt-broker"));
  EXPECT_EQ(finding(discovery, "rapl pkg0").status, Finding::Status::denied);
  EXPECT_EQ(std::get<Energy>(read(*discovery.sources.at(0))[0]), Energy{});
}

TEST_F(RaplTest, ReadsOnWhenItsRightIsTakenAway) {
  tree_.zone("intel-rapl:0", "package-0", 1'000'000);
  const WithoutRights ordinary;
  const auto discovery = discover();
  PowerSource& rapl = *discovery.sources.at(0);
  static_cast<void>(read(rapl));
  tree_.energy("intel-rapl:0", 4'000'000);
  close_to_all_but_root("intel-rapl:0");
  clock_.pass(0.1);
  EXPECT_EQ(std::get<Energy>(read(rapl)[0]), Energy{3'000'000});
}

TEST_F(RaplTest, InventsNoWrapWhereTheRangeIsNotKnown) {
  for (const std::string range : {"0", "", "much", "9223372036854775807"}) {
    tree_.zone("intel-rapl:0", "package-0", 262'143'000'000)
        .file("sys/class/powercap/intel-rapl:0/max_energy_range_uj", range);
    const auto discovery = discover();
    PowerSource& rapl = *discovery.sources.at(0);
    static_cast<void>(read(rapl));
    for (const int energy_uj : {5'000'000, 6'000'000}) {
      clock_.pass(0.1);
      tree_.energy("intel-rapl:0", energy_uj);
      EXPECT_FALSE(std::holds_alternative<Energy>(read(rapl)[0])) << range;
    }
  }
  tree_.remove("sys/class/powercap/intel-rapl:0/max_energy_range_uj");
  EXPECT_THAT(names(discover()), ElementsAre("pkg0+"));
}

TEST_F(RaplTest, SkipsWhatIsNoZoneAndListsNamesOfNoKnownMeaning) {
  tree_.zone("intel-rapl:0", "package-0", 1)
      .zone("intel-rapl:a", "package-7", 1)
      .zone("intel-rapl:", "package-8", 1)
      .zone("intel-rapl:0:1:2", "core", 1)
      .zone("dtpm", "package-9", 1)
      .zone("intel-rapl:1", "package-1x", 1)
      .zone("intel-rapl:2", "package-2-die-", 1)
      .zone("intel-rapl:3", "package--3", 1)
      .zone("intel-rapl:1:0", "dram", 1)
      .zone("intel-rapl:0:3", "soc", 1);
  const auto discovery = discover();
  EXPECT_THAT(names(discovery), ElementsAre("pkg0+"));
  std::vector<std::string> unknown;
  for (const Finding& finding : discovery.findings) {
    if (finding.what == "rapl zone") {
      unknown.push_back(finding.detail);
    }
  }
  EXPECT_THAT(unknown,
              testing::UnorderedElementsAre("intel-rapl:0:3 (soc)",
                                            "intel-rapl:1 (package-1x)",
                                            "intel-rapl:1:0 (dram)",
                                            "intel-rapl:2 (package-2-die-)",
                                            "intel-rapl:3 (package--3)"));
}

TEST_F(RaplTest, TakesEachPartOnceWhenTheWholePackageIsThereTwice) {
  tree_.zone("intel-rapl:0", "package-0", 1)
      .zone("intel-rapl-mmio:0", "package-0", 1)
      .zone("intel-rapl-mmio:0:0", "dram", 1);
  // The memory's counter is nowhere else: it is added.
  EXPECT_THAT(names(discover()), ElementsAre("pkg0+", "dram0+"));
  tree_.zone("intel-rapl:0:0", "dram", 1);
  EXPECT_THAT(names(discover()), ElementsAre("pkg0+", "dram0+"));
}

TEST_F(RaplTest, SaysThatFilteringBlursSingleUpdates) {
  tree_.zone("intel-rapl:0", "package-0", 1).file("proc/cpuinfo", "flags : fpu sgx avx\n");
  const auto discovery = discover();
  const ChannelInfo& info = discovery.sources.at(0)->channels()[0];
  EXPECT_EQ(info.quantum, Energy::from_joules(0.5));
  EXPECT_THAT(info.basis, HasSubstr("SGX"));
}

TEST_F(RaplTest, ReadsThePlatformOfSapphireRapidsInWholeJoules) {
  tree_.file("proc/cpuinfo", cpuinfo("GenuineIntel", 6, 143, "Xeon", 1))
      .zone("intel-rapl:0", "psys", 1);
  const auto discovery = discover();
  const ChannelInfo& info = discovery.sources.at(0)->channels()[0];
  EXPECT_EQ(info.quantum, Energy::from_joules(1));
  EXPECT_FALSE(info.in_total);
}

TEST_F(RaplTest, LeavesOutAFileThatStandsStillInAVirtualMachine) {
  tree_.zone("intel-rapl:0", "package-0", 0).file("proc/cpuinfo", "flags : fpu hypervisor\n");
  const auto discovery = discover();
  EXPECT_TRUE(discovery.sources.empty());
  EXPECT_THAT(finding(discovery, "rapl pkg0").detail, HasSubstr("stands still"));
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
