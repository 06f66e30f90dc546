#include "measure/acpi_meter.h"
#include "measure/discovered_test.h"
#include "measure/sources/catalog.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(GraceDomain, IsReadFromTheMakersText) {
  const auto domain = grace_domain("SysIO Power Socket 1");
  ASSERT_TRUE(domain);
  EXPECT_EQ(domain->part, GraceDomain::Part::sysio);
  EXPECT_EQ(domain->socket, 1);
  for (const char* text : {"", "Grace Power Socket", "Grace Power Socket x", "PSU 1", "Grace"}) {
    EXPECT_FALSE(grace_domain(text)) << text;
  }
}

class GraceTest : public SourceTest {
 protected:
  GraceTest() : SourceTest(grace_family()) {}

  static std::string device(int number) {
    return fmt::format("sys/devices/LNXSYSTM:00/LNXSYBUS:00/ACPI000D:{:02}", number);
  }
  /// A meter as the kernel shows it: its attributes are the device's, not hwmonN's.
  void meter(int number, const std::string& oem_info, std::int64_t microwatts) {
    add_hwmon(tree_, device(number), number, {});
    tree_.file(device(number) + "/name", "power_meter\n")
        .file(device(number) + "/power1_oem_info", oem_info + "\n")
        .file(device(number) + "/power1_average", std::to_string(microwatts) + "\n")
        .file(device(number) + "/power1_average_interval", "50\n")
        .file(device(number) + "/power1_is_battery", "0\n");
  }
  void grace_hopper() {
    meter(1, "Module Power Socket 0", 300'000'000);
    meter(2, "Grace Power Socket 0", 120'000'000);
    meter(3, "CPU Power Socket 0", 60'000'000);
    meter(4, "SysIO Power Socket 0", 20'000'000);
  }
};

TEST_F(GraceTest, AddsTheModuleAndShowsItsParts) {
  grace_hopper();
  discover();
  EXPECT_THAT(
      channels(),
      ElementsAre(
          "module0 module +", "grace0 grace", "grace-cpu0 cpu-package", "grace-sysio0 sysio"));
  EXPECT_EQ(info(0).window, std::chrono::milliseconds(50));
  EXPECT_EQ(info(0).refresh, info(0).window);
  EXPECT_EQ(source().shortest_interval(), info(0).refresh * 2 / 5);
  EXPECT_DOUBLE_EQ(info(0).gain_lo, 0.05);
  EXPECT_EQ(std::get<Powered>(read()[0]).power, Power{300});
}

TEST_F(GraceTest, AddsBothSocketsOfASuperchipWithoutAModule) {
  meter(1, "Grace Power Socket 1", 120'000'000);
  meter(2, "CPU Power Socket 1", 60'000'000);
  meter(3, "Grace Power Socket 0", 110'000'000);
  discover();
  EXPECT_THAT(channels(),
              ElementsAre("grace0 grace +", "grace1 grace +", "grace-cpu1 cpu-package"));
  EXPECT_EQ(info(1).device, "socket-1");
}

TEST_F(GraceTest, AddsCpuAndSysIoWhereNothingIsAroundThem) {
  meter(1, "SysIO Power Socket 0", 20'000'000);
  meter(2, "CPU Power Socket 0", 60'000'000);
  discover();
  EXPECT_THAT(channels(), ElementsAre("grace-cpu0 cpu-package +", "grace-sysio0 sysio +"));
}

TEST_F(GraceTest, IntegratesTheMeansOfTheFirmware) {
  grace_hopper();
  discover();
  static_cast<void>(read());
  clock_.pass(0.05);
  tree_.file(device(1) + "/power1_average", "500000000\n");
  EXPECT_EQ(std::get<Powered>(read()[0]).since_first, Energy::from_joules(20));
}

TEST_F(GraceTest, ReadsAttributesThatAreInHwmonItself) {
  add_hwmon(tree_,
            device(1),
            1,
            {{"name", "power_meter"},
             {"power1_oem_info", "Grace Power Socket 0"},
             {"power1_average", "120000000"},
             {"power1_average_interval", "100"}});
  discover();
  EXPECT_THAT(channels(), ElementsAre("grace0 grace +"));
  EXPECT_EQ(info(0).window, std::chrono::milliseconds(100));
}

TEST_F(GraceTest, TakesTheUsualIntervalWhereTheFirmwareTellsNone) {
  meter(1, "Grace Power Socket 0", 120'000'000);
  tree_.file(device(1) + "/power1_average_interval", "4294967295\n");
  discover();
  EXPECT_EQ(info(0).window, std::chrono::milliseconds(50));
}

TEST_F(GraceTest, FailsAReadingWithoutInventingAValue) {
  grace_hopper();
  discover();
  static_cast<void>(read());
  for (const std::string text : {"", "soon\n", "4294967295000\n"}) {
    clock_.pass(0.1);
    tree_.file(device(1) + "/power1_average", text);
    const auto readings = read();
    EXPECT_EQ(std::get<ReadFailure>(readings[0]).errno_value, EINVAL) << text;
    EXPECT_TRUE(std::holds_alternative<Powered>(readings[1]));
  }
}

TEST_F(GraceTest, TakesOneSensorOnceWhenItIsThereTwice) {
  meter(1, "Grace Power Socket 0", 120'000'000);
  meter(2, "Grace Power Socket 0", 120'000'000);
  discover();
  EXPECT_THAT(channels(), ElementsAre("grace0 grace +"));
}

TEST_F(GraceTest, LeavesOtherPowerMetersAlone) {
  meter(1, "", 500'000'000);
  discover();
  EXPECT_THAT(discovery_.sources, IsEmpty());
  EXPECT_EQ(finding().status, Finding::Status::absent);
}

TEST_F(GraceTest, SaysHowToLoadTheDriverOnAGraceWithoutIt) {
  tree_.file("sys/devices/soc0/soc_id", "jep106:036b:0241\n");
  discover();
  EXPECT_THAT(finding().fix, HasSubstr("force_cap_on"));
}

}  // namespace
}  // namespace gradwatt
