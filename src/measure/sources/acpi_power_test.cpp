#include "measure/discovered_test.h"
#include "measure/sources/catalog.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class AcpiPowerTest : public SourceTest {
 protected:
  AcpiPowerTest() : SourceTest(acpi_power_family()) {}

  static std::string device(int number) {
    return fmt::format("sys/devices/LNXSYSTM:00/LNXSYBUS:00/ACPI000D:{:02}", number);
  }
  void set(int number, const std::string& attribute, const std::string& text) {
    tree_.file(device(number) + "/" + attribute, text + "\n");
  }
  void meter(int number, std::int64_t microwatts) {
    add_hwmon(tree_, device(number), number, {});
    set(number, "name", "power_meter");
    set(number, "power1_average", std::to_string(microwatts));
    set(number, "power1_average_interval", "30000");
    set(number, "power1_accuracy", "95.0%");
    set(number, "power1_is_battery", "0");
  }
};

TEST_F(AcpiPowerTest, MeasuresTheMachine) {
  meter(0, 412'000'000);
  discover();
  EXPECT_THAT(channels(), ElementsAre("acpi-power node +"));
  EXPECT_EQ(info(0).device, "ACPI000D:00");
  EXPECT_DOUBLE_EQ(info(0).gain_hi, 0.10);
  EXPECT_EQ(std::get<Powered>(read()[0]).power, Power{412});
}

TEST_F(AcpiPowerTest, SaysOverWhichTimeItAverages) {
  meter(0, 412'000'000);
  discover();
  EXPECT_EQ(info(0).window, std::chrono::seconds(30));
  EXPECT_EQ(info(0).refresh, std::chrono::seconds(1));
  EXPECT_THAT(info(0).basis, HasSubstr("mean over 30 s"));
  set(0, "power1_average_interval", "4294967295");
  discover();
  EXPECT_EQ(info(0).window, std::chrono::seconds(1));
  EXPECT_THAT(info(0).basis, HasSubstr("does not say"));
}

TEST_F(AcpiPowerTest, IsAsFarOffAsTheMeterItselfAdmits) {
  meter(0, 412'000'000);
  set(0, "power1_accuracy", "80.0%");
  discover();
  EXPECT_NEAR(info(0).gain_lo, 0.20, 1e-12);
}

TEST_F(AcpiPowerTest, AsksTheFirmwareAFewTimesInAnInterval) {
  meter(0, 400'000'000);
  discover();
  static_cast<void>(read());
  set(0, "power1_average", "600000000");
  clock_.pass(0.1);
  EXPECT_TRUE(std::holds_alternative<Energy>(read()[0]));
  clock_.pass(0.3);
  EXPECT_EQ(std::get<Powered>(read()[0]).power, Power{600});
}

TEST_F(AcpiPowerTest, IsAbsentWhereTheFirmwareGivesAllOnesOrNothing) {
  for (const std::int64_t microwatts : {4'294'967'295'000, 0L}) {
    meter(0, microwatts);
    discover();
    EXPECT_THAT(discovery_.sources, IsEmpty());
    EXPECT_THAT(finding().detail, HasSubstr("gives no value"));
    remove_hwmon(tree_, device(0), 0);
  }
}

TEST_F(AcpiPowerTest, FailsWhenTheFirmwareLosesItsValue) {
  meter(0, 400'000'000);
  discover();
  static_cast<void>(read());
  clock_.pass(1);
  set(0, "power1_average", "4294967295000");
  EXPECT_TRUE(std::holds_alternative<ReadFailure>(read()[0]));
}

TEST_F(AcpiPowerTest, LeavesGraceBatteriesAndGpusAlone) {
  meter(0, 120'000'000);
  set(0, "power1_oem_info", "Grace Power Socket 0");
  meter(1, 8'000'000);
  set(1, "power1_is_battery", "1");
  add_hwmon(tree_,
            "sys/devices/pci0000:00/0000:03:00.0",
            2,
            {{"name", "amdgpu"}, {"power1_average", "30000000"}});
  discover();
  EXPECT_THAT(discovery_.sources, IsEmpty());
  EXPECT_EQ(finding().status, Finding::Status::unused);
}

TEST_F(AcpiPowerTest, TakesOfSeveralMetersTheOneThatMeasuresTheSystem) {
  meter(0, 150'000'000);
  meter(1, 400'000'000);
  tree_.file(device(1) + "/measures/LNXSYBUS:00/path", "\\_SB_\n");
  discover();
  EXPECT_THAT(channels(), ElementsAre("acpi-power rail", "acpi-power1 node +"));
}

TEST_F(AcpiPowerTest, AddsNoneOfSeveralMetersThatDoNotSayWhatTheyMeasure) {
  meter(0, 150'000'000);
  meter(1, 400'000'000);
  discover();
  EXPECT_THAT(channels(), ElementsAre("acpi-power rail", "acpi-power1 rail"));
  EXPECT_THAT(finding().detail, HasSubstr("unknown extent"));
}

TEST_F(AcpiPowerTest, IsNotAddedToWhatIsMeasuredAlready) {
  meter(0, 412'000'000);
  discover({"cpu-package", "dram"});
  EXPECT_THAT(channels(), ElementsAre("acpi-power node"));
}

TEST_F(AcpiPowerTest, SaysWhyThereIsNothing) {
  discover();
  EXPECT_EQ(finding().status, Finding::Status::absent);
  EXPECT_EQ(finding().fix, "");
  tree_.file("sys/bus/acpi/devices/ACPI000D:00/hid", "ACPI000D\n");
  discover();
  EXPECT_EQ(finding().fix, "sudo modprobe acpi_power_meter");
}

}  // namespace
}  // namespace gradwatt
