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

const std::string kBus = "sys/devices/platform/bus@0/c240000.i2c/i2c-1/";

struct Rail {
  std::string label;
  int millivolts;
  int milliamperes;
};

class JetsonTest : public SourceTest {
 protected:
  JetsonTest() : SourceTest(jetson_family()) {}

  void model(const std::string& name) {
    tree_.file("proc/device-tree/model", name + std::string(1, '\0'));
  }
  /// An INA3221 as JetPack 5 and later show it: three rails, their shunts' voltages, their sum.
  void ina3221(int number, const std::string& address, const std::vector<Rail>& rails) {
    DeviceFiles files{{"name", "ina3221"},
                      {"update_interval", "7"},
                      {"in7_label", "sum of shunt voltages"},
                      {"in7_input", "880"},
                      {"in7_enable", "1"},
                      {"curr4_input", "999999"}};
    int channel = 0;
    for (const Rail& rail : rails) {
      ++channel;
      files[fmt::format("in{}_label", channel)] = rail.label;
      files[fmt::format("in{}_enable", channel)] = "1";
      files[fmt::format("in{}_input", channel)] = std::to_string(rail.millivolts);
      files[fmt::format("curr{}_input", channel)] = std::to_string(rail.milliamperes);
      files[fmt::format("in{}_input", channel + 3)] = "440";
      files[fmt::format("in{}_enable", channel + 3)] = "1";
    }
    add_hwmon(tree_, kBus + address, number, files);
    bind_i2c(tree_, "ina3221", address, kBus + address);
  }
  void set(int number,
           const std::string& address,
           const std::string& file,
           const std::string& text) {
    tree_.file(fmt::format("{}{}/hwmon/hwmon{}/{}", kBus, address, number, file), text + "\n");
  }
  void orin_nano() {
    model("NVIDIA Jetson Orin Nano Developer Kit");
    ina3221(1,
            "1-0040",
            {{"VDD_IN", 5000, 1500}, {"VDD_CPU_GPU_CV", 5000, 300}, {"VDD_SOC", 5000, 280}});
  }
  void agx_orin() {
    model("NVIDIA Jetson AGX Orin Developer Kit");
    ina3221(3,
            "1-0040",
            {{"VDD_GPU_SOC", 20000, 200}, {"VDD_CPU_CV", 20000, 100}, {"VIN_SYS_5V0", 5000, 900}});
    ina3221(4, "1-0041", {{"NC", 0, 0}, {"VDDQ_VDD2_1V8AO", 5000, 100}, {"NC", 0, 0}});
  }
};

TEST_F(JetsonTest, TakesTheRailThatFeedsTheOthersAsTheTotal) {
  orin_nano();
  discover();
  EXPECT_THAT(channels(), ElementsAre("VDD_IN node +", "VDD_CPU_GPU_CV rail", "VDD_SOC rail"));
  EXPECT_THAT(info(0).basis, HasSubstr("carrier board is not in it"));
  EXPECT_EQ(info(0).method, "power");
  EXPECT_EQ(info(0).device, "1-0040");
  EXPECT_DOUBLE_EQ(info(0).gain_hi, 0.05);
  EXPECT_EQ(std::get<Powered>(read()[0]).power, Power{7.5});
}

TEST_F(JetsonTest, IntegratesVoltageTimesCurrent) {
  orin_nano();
  discover();
  static_cast<void>(read());
  clock_.pass(2);
  set(1, "1-0040", "curr1_input", "2500");
  EXPECT_EQ(std::get<Powered>(read()[0]).since_first, Energy::from_joules(20));
}

TEST_F(JetsonTest, LooksAtEachRailOnlyForItsShareOfARound) {
  orin_nano();
  discover();
  EXPECT_EQ(info(0).refresh, std::chrono::milliseconds(7));
  EXPECT_EQ(info(0).window, info(0).refresh / 3);
  set(1, "1-0040", "in3_enable", "0");
  discover();
  EXPECT_EQ(info(0).window, info(0).refresh / 2);
}

TEST_F(JetsonTest, AddsRailsUpWhereNothingFeedsThemAll) {
  agx_orin();
  discover();
  EXPECT_THAT(channels(),
              ElementsAre("VDD_GPU_SOC rail",
                          "VDD_CPU_CV rail",
                          "VIN_SYS_5V0 rail",
                          "VDDQ_VDD2_1V8AO rail",
                          "rails rail-sum +"));
  // 4 W + 2 W + 4.5 W: the memory's half watt is in the 5 V rail already.
  EXPECT_EQ(std::get<Powered>(read()[4]).power, Power{10.5});
  EXPECT_EQ(info(4).basis,
            "VDD_GPU_SOC + VDD_CPU_CV + VIN_SYS_5V0, ±5 %; other rails and the carrier board are "
            "not in it");
}

TEST_F(JetsonTest, AddsUpAllRailsOfTheAgxXavier) {
  model("NVIDIA Jetson AGX Xavier Developer Kit");
  ina3221(0, "1-0040", {{"GPU", 20000, 100}, {"CPU", 20000, 100}, {"SOC", 20000, 100}});
  ina3221(1, "1-0041", {{"CV", 20000, 50}, {"VDDRQ", 20000, 50}, {"SYS5V", 5000, 200}});
  discover();
  EXPECT_EQ(channels().back(), "rails rail-sum +");
  EXPECT_EQ(std::get<Powered>(read().back()).power, Power{9});
}

TEST_F(JetsonTest, OffersNoSumOfWhichAPartIsMissing) {
  agx_orin();
  set(3, "1-0040", "in2_input", "");
  discover();
  EXPECT_THAT(channels(),
              ElementsAre("VDD_GPU_SOC rail", "VIN_SYS_5V0 rail", "VDDQ_VDD2_1V8AO rail"));
  EXPECT_EQ(finding(0).what, "jetson VDD_CPU_CV");
  EXPECT_EQ(finding(1).what, "jetson rails");
  EXPECT_EQ(finding(1).status, Finding::Status::absent);
}

TEST_F(JetsonTest, OffersNoSumInPlaceOfATotalThatCannotBeRead) {
  orin_nano();
  set(1, "1-0040", "curr1_input", "");
  discover();
  EXPECT_THAT(channels(), ElementsAre("VDD_CPU_GPU_CV rail", "VDD_SOC rail"));
}

TEST_F(JetsonTest, SkipsWhatIsNotConnectedOrSwitchedOff) {
  agx_orin();
  set(3, "1-0040", "in1_enable", "0");
  discover();
  EXPECT_THAT(
      channels(),
      ElementsAre(
          "VDD_CPU_CV rail", "VIN_SYS_5V0 rail", "VDDQ_VDD2_1V8AO rail", "rails rail-sum +"));
}

TEST_F(JetsonTest, FailsTheSumWhileOneOfItsRailsCannotBeRead) {
  agx_orin();
  discover();
  static_cast<void>(read());
  clock_.pass(1);
  set(3, "1-0040", "curr2_input", "");
  const auto readings = read();
  EXPECT_TRUE(std::holds_alternative<Powered>(readings[0]));
  EXPECT_EQ(std::get<ReadFailure>(readings[1]).errno_value, EINVAL);
  EXPECT_EQ(std::get<ReadFailure>(readings[4]).reason, "VDD_CPU_CV is unreadable");
}

TEST_F(JetsonTest, FindsItsChipsAgainWhenTheirDriverWasLoadedAnew) {
  orin_nano();
  discover();
  static_cast<void>(read());
  remove_hwmon(tree_, kBus + "1-0040", 1);
  clock_.pass(1);
  EXPECT_EQ(std::get<ReadFailure>(read()[0]).errno_value, ENOENT);
  tree_.remove("sys/bus/i2c/drivers/ina3221/1-0040");
  ina3221(5, "1-0040", {{"VDD_IN", 5000, 1000}, {"VDD_CPU_GPU_CV", 0, 0}, {"VDD_SOC", 0, 0}});
  clock_.pass(1);
  const auto reading = std::get<Uncertain>(read()[0]);
  EXPECT_EQ(reading.assumed, Energy::from_joules(12.5));
  EXPECT_EQ(reading.most, Energy::from_joules(400));
}

TEST_F(JetsonTest, CountsARailsOffsetBelowZeroAsNothing) {
  orin_nano();
  set(1, "1-0040", "curr2_input", "-80");
  discover();
  EXPECT_EQ(std::get<Powered>(read()[1]).power, Power{});
}

TEST_F(JetsonTest, ReadsTheDriverOfJetPack4) {
  const std::string folder = "sys/bus/i2c/drivers/ina3221x/6-0040/iio:device0/";
  tree_.file(folder + "rail_name_0", "POM_5V_IN\n")
      .file(folder + "rail_name_1", "POM_5V_GPU\n")
      .file(folder + "rail_name_2", "POM_5V_CPU\n")
      .file(folder + "in_power0_input", "2250\n")
      .file(folder + "in_power1_input", "40\n")
      .file(folder + "in_power2_input", "400\n");
  discover();
  EXPECT_THAT(channels(), ElementsAre("POM_5V_IN node +", "POM_5V_GPU rail", "POM_5V_CPU rail"));
  EXPECT_EQ(std::get<Powered>(read()[0]).power, Power{2.25});
  EXPECT_EQ(info(0).refresh, std::chrono::milliseconds(10));
}

TEST_F(JetsonTest, PrefersTheBoardsInputToTheModules) {
  model("NVIDIA Jetson AGX Thor Developer Kit");
  ina3221(1,
          "2-0040",
          {{"VDD_GPU", 20000, 100}, {"VDD_CPU_SOC_MSS", 20000, 325}, {"VIN_SYS_5V0", 5000, 1300}});
  add_hwmon(tree_,
            kBus + "2-0044",
            2,
            {{"name", "ina238"}, {"label", "VIN"}, {"power1_input", "23000000"}});
  discover();
  EXPECT_THAT(
      channels(),
      ElementsAre("VDD_GPU rail", "VDD_CPU_SOC_MSS rail", "VIN_SYS_5V0 rail", "VIN node +"));
  EXPECT_EQ(std::get<Powered>(read()[3]).power, Power{23});
}

TEST_F(JetsonTest, ShowsButNeverAddsTheRailsOfAnotherBoard) {
  model("Some Router");
  ina3221(1, "1-0040", {{"VDD_IN", 12000, 1000}, {"FAN", 12000, 100}, {"NC", 0, 0}});
  discover();
  EXPECT_THAT(channels(), ElementsAre("VDD_IN rail", "FAN rail"));
  EXPECT_EQ(finding(0).status, Finding::Status::unused);
}

TEST_F(JetsonTest, TellsRailsOfTheSameNameApart) {
  model("NVIDIA Jetson");
  ina3221(1, "1-0040", {{"VDD_5V", 5000, 100}, {"NC", 0, 0}, {"NC", 0, 0}});
  ina3221(2, "1-0041", {{"VDD_5V", 5000, 100}, {"NC", 0, 0}, {"NC", 0, 0}});
  discover();
  EXPECT_THAT(channels(),
              ElementsAre("VDD_5V-1-0040 rail", "VDD_5V-1-0041 rail", "rails rail-sum +"));
}

TEST_F(JetsonTest, IsNotAddedToWhatIsMeasuredAlready) {
  orin_nano();
  discover({"cpu-package"});
  EXPECT_EQ(channels().front(), "VDD_IN node");
}

TEST_F(JetsonTest, SaysWhyThereIsNothing) {
  discover();
  EXPECT_THAT(discovery_.sources, IsEmpty());
  EXPECT_EQ(finding().status, Finding::Status::absent);
  EXPECT_EQ(finding().fix, "");
  model("NVIDIA Jetson Orin Nano Developer Kit");
  discover();
  EXPECT_EQ(finding().fix, "sudo modprobe ina3221");
}

}  // namespace
}  // namespace gradwatt
