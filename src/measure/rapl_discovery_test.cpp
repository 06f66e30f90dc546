#include "measure/rapl_discovery.h"

#include "measure/perf_fake_test.h"
#include "measure/rapl_domain.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A machine with energy events and with powercap files.
class RaplDiscoveryTest : public testing::Test {
 protected:
  void discover() {
    machine_.sysroot = tree_.root();
    machine_.clock = &clock_;
    found_ = discover_rapl(machine_, events_);
  }
  void two_packages() {
    power_.unit("0,1").cpu(0, 0).cpu(1, 1).package_and_memory();
    tree_.zone("intel-rapl:0", "package-0", 1)
        .zone("intel-rapl:0:0", "dram", 1)
        .zone("intel-rapl:1", "package-1", 1)
        .zone("intel-rapl:1:0", "dram", 1);
  }
  void cpu(const std::string& vendor, int family, int model, const std::string& kernel = "6.1.0") {
    tree_.file("proc/cpuinfo", cpuinfo(vendor, family, model, "CPU", 1))
        .file("proc/sys/kernel/osrelease", kernel + "\n");
  }
  /// Of each source in turn, those in the total with a +.
  [[nodiscard]] std::vector<std::vector<std::string>> channels() const {
    std::vector<std::vector<std::string>> sources;
    for (const auto& source : found_.sources) {
      auto& names = sources.emplace_back();
      for (const ChannelInfo& info : source->channels()) {
        names.push_back(info.channel + (info.in_total ? "+" : ""));
      }
    }
    return sources;
  }
  [[nodiscard]] Finding finding(const std::string& what) const {
    const auto of_that = [&](const Finding& finding) { return finding.what == what; };
    const auto found = std::find_if(found_.findings.begin(), found_.findings.end(), of_that);
    return found != found_.findings.end() ? *found : Finding{};
  }

  FakeTree tree_;
  PowerTree power_{tree_};
  FakePerfEvents events_;
  ManualClock clock_;
  Machine machine_;
  Discovery found_;
};

TEST_F(RaplDiscoveryTest, ReadsEachDomainThroughPerfEventsAloneWhereItMay) {
  two_packages();
  discover();
  EXPECT_THAT(channels(), ElementsAre(ElementsAre("pkg0+", "dram0+", "pkg1+", "dram1+")));
  EXPECT_THAT(finding("rapl pkg0").detail, HasSubstr("perf events"));
  EXPECT_THAT(finding("rapl access").detail, HasSubstr("4 through perf events"));
}

TEST_F(RaplDiscoveryTest, ReadsTheFilesWherePerfEventsAreForbidden) {
  two_packages();
  events_.open_error = EACCES;
  discover();
  EXPECT_THAT(channels(), ElementsAre(ElementsAre("pkg0+", "dram0+", "pkg1+", "dram1+")));
  EXPECT_THAT(finding("rapl pkg0").detail, HasSubstr("powercap"));
  EXPECT_EQ(finding("rapl access").status, Finding::Status::present);
}

TEST_F(RaplDiscoveryTest, SaysWhatForbidsPerfEventsWhereThereAreNoFilesEither) {
  power_.unit("0").cpu(0, 0).package_and_memory();
  tree_.file("proc/sys/kernel/perf_event_paranoid", "2\n")
      .file("proc/sys/kernel/osrelease", "6.1.0\n");
  events_.open_error = EACCES;
  discover();
  EXPECT_THAT(channels(), IsEmpty());
  const Finding access = finding("rapl access");
  EXPECT_EQ(access.status, Finding::Status::denied);
  EXPECT_THAT(access.detail, HasSubstr("perf_event_paranoid is 2"));
  EXPECT_THAT(access.fix, HasSubstr("cap_perfmon"));
}

TEST_F(RaplDiscoveryTest, TakesFromTheFilesOnlyWhatPerfEventsLack) {
  two_packages();
  events_.open_errors[{0, 3}] = ENOENT;
  discover();
  EXPECT_THAT(channels(),
              ElementsAre(ElementsAre("pkg0+", "pkg1+", "dram1+"), ElementsAre("dram0+")));
}

TEST_F(RaplDiscoveryTest, ReadsTheFileOfAnEventThatOpensButCannotBeRead) {
  two_packages();
  events_.read_errors[1] = EIO;
  discover();
  EXPECT_THAT(channels(),
              ElementsAre(ElementsAre("pkg0+", "dram0+"), ElementsAre("pkg1+", "dram1+")));
}

TEST_F(RaplDiscoveryTest, NeverCountsAJouleTwiceHoweverTheWaysNameTheDies) {
  for (const bool perf_has_dies : {false, true}) {
    for (const bool files_have_dies : {false, true}) {
      for (const int forbidden : {-1, 0, 1}) {
        SCOPED_TRACE(testing::Message() << perf_has_dies << files_have_dies << forbidden);
        FakeTree tree;
        PowerTree(tree)
            .unit(perf_has_dies ? "0,1" : "0")
            .cpu(0, 0, 0)
            .cpu(1, 0, 1)
            .event("energy-pkg", "event=0x02");
        tree.zone("intel-rapl:0", files_have_dies ? "package-0-die-0" : "package-0", 1)
            .zone("intel-rapl-mmio:0", files_have_dies ? "package-0-die-0" : "package-0", 1);
        if (files_have_dies) {
          tree.zone("intel-rapl:1", "package-0-die-1", 1);
        }
        FakePerfEvents events;
        if (forbidden >= 0) {
          events.open_errors[{forbidden, 2}] = EACCES;
        }
        machine_.sysroot = tree.root();
        machine_.clock = &clock_;
        std::vector<RaplDomain> read;
        for (const auto& source : discover_rapl(machine_, events).sources) {
          for (const ChannelInfo& info : source->channels()) {
            EXPECT_TRUE(info.in_total);
            const RaplDomain domain = domain_of_zone(info.device).value();
            EXPECT_TRUE(std::none_of(read.begin(), read.end(), [&](const RaplDomain& other) {
              return overlap(domain, other);
            })) << info.device;
            read.push_back(domain);
          }
        }
        EXPECT_FALSE(read.empty());
      }
    }
  }
}

TEST_F(RaplDiscoveryTest, ShowsThePlatformOnceAndNeverAddsIt) {
  power_.unit("0,1").cpu(0, 0, 0).cpu(1, 0, 1);
  power_.event("energy-pkg", "event=0x02").event("energy-psys", "event=0x05");
  tree_.zone("intel-rapl:9", "psys", 1);
  discover();
  EXPECT_THAT(channels(), ElementsAre(ElementsAre("pkg0-die-0+", "psys", "pkg0-die-1+")));
}

TEST_F(RaplDiscoveryTest, NeverPublishesTheSingleCoreOfAmds) {
  cpu("AuthenticAMD", 25, 1);
  power_.unit("0,8").cpu(0, 0, 0).cpu(8, 0, 1);
  power_.event("energy-pkg", "event=0x02").event("energy-cores", "event=0x01");
  discover();
  EXPECT_THAT(channels(), ElementsAre(ElementsAre("pkg0+")));
  EXPECT_EQ(finding("rapl core0").status, Finding::Status::unused);
}

TEST_F(RaplDiscoveryTest, AddsSapphireRapidsMemoryOnlyWhereTheKernelReadsItRight) {
  power_.unit("0").cpu(0, 0).package_and_memory();
  cpu("GenuineIntel", 6, 143, "5.14.0-427");
  discover();
  EXPECT_THAT(channels(), ElementsAre(ElementsAre("pkg0+", "dram0")));
  EXPECT_THAT(finding("rapl dram0").detail, HasSubstr("4 times too low"));
  cpu("GenuineIntel", 6, 143, "6.1.0-9");
  discover();
  EXPECT_THAT(channels(), ElementsAre(ElementsAre("pkg0+", "dram0+")));
  // The ranges know better than the release: one unit for both is right, two are wrong.
  cpu("GenuineIntel", 6, 143, "5.14.0-427");
  tree_.zone("intel-rapl:0", "package-0", 1).zone("intel-rapl:0:0", "dram", 1);
  discover();
  EXPECT_THAT(channels(), ElementsAre(ElementsAre("pkg0+", "dram0+")));
  cpu("GenuineIntel", 6, 143, "6.1.0-9");
  tree_.file("sys/class/powercap/intel-rapl:0:0/max_energy_range_uj", "65712999613\n");
  discover();
  EXPECT_THAT(channels(), ElementsAre(ElementsAre("pkg0+", "dram0")));
}

TEST_F(RaplDiscoveryTest, LeavesOutCountersThatStandStillInAVirtualMachine) {
  tree_.file("proc/cpuinfo", "flags : fpu hypervisor\n");
  power_.unit("0").cpu(0, 0).package_and_memory();
  tree_.zone("intel-rapl:0", "package-0", 0);
  discover();
  EXPECT_THAT(channels(), IsEmpty());
  EXPECT_THAT(finding("rapl pkg0").detail, HasSubstr("stands still"));
  events_.rise = std::uint64_t{1} << 32;
  discover();
  EXPECT_THAT(channels(), ElementsAre(ElementsAre("pkg0+", "dram0+")));
}

TEST_F(RaplDiscoveryTest, TakesTheHardwaresUnitFromPowercapOrForTheFinest) {
  // 1000 W fill half of the range in 131 s at 61 µJ, in 33 s at 15.3 µJ.
  const auto doubts_a_minute = [&] {
    discover();
    PowerSource& source = *found_.sources.at(0);
    std::vector<ChannelReading> readings(source.channels().size());
    source.read(readings);
    clock_.pass(60);
    source.read(readings);
    return std::holds_alternative<Uncertain>(readings[0]);
  };
  power_.unit("0").cpu(0, 0).event("energy-pkg", "event=0x02");
  EXPECT_TRUE(doubts_a_minute());
  tree_.zone("intel-rapl:0", "package-0", 1);
  EXPECT_FALSE(doubts_a_minute());
  tree_.file("sys/class/powercap/intel-rapl:0/max_energy_range_uj", "65532610987\n");
  EXPECT_TRUE(doubts_a_minute());
}

TEST_F(RaplDiscoveryTest, ListsEventsThatItDoesNotUnderstand) {
  power_.unit("0").cpu(0, 0).event("energy-pkg", "event=0x02").event("energy-ram", "soon");
  discover();
  EXPECT_THAT(channels(), ElementsAre(ElementsAre("pkg0+")));
  EXPECT_EQ(finding("rapl perf").status, Finding::Status::unused);
  EXPECT_THAT(finding("rapl perf").detail, HasSubstr("energy-ram"));
}

}  // namespace
}  // namespace gradwatt
