#include "measure/calibration.h"
#include "measure/graphics_tree_test.h"
#include "measure/sources/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kCard = "0000:03:00.0";

class IntelGpuTest : public testing::Test {
 protected:
  IntelGpuTest() {
    machine_.sysroot = tree_.root();
    machine_.clock = &clock_;
  }
  void add_xe(const std::string& address, int card, int hwmon) {
    add_card(tree_, card, address, "0x8086");
    add_hwmon(tree_,
              device_of(address),
              hwmon,
              {{"name", "xe"},
               {"energy1_input", "1000000"},
               {"energy1_label", "card"},
               {"energy2_input", "700000"},
               {"energy2_label", "pkg"},
               {"power1_max", "190000000"},
               {"power1_crit", "400000000"}});
  }
  Discovery discover() { return intel_gpu_family().discover(machine_, {}); }
  static std::vector<std::string> names(const Discovery& discovery) {
    std::vector<std::string> names;
    for (const auto& source : discovery.sources) {
      for (const ChannelInfo& channel : source->channels()) {
        names.push_back(channel.channel + (channel.in_total ? "+" : ""));
      }
    }
    return names;
  }
  static std::vector<ChannelReading> read(const Discovery& discovery) {
    std::vector<ChannelReading> readings(discovery.sources.at(0)->channels().size());
    discovery.sources[0]->read(readings);
    return readings;
  }
  void set(const std::string& file, const std::string& text, int hwmon = 2) {
    tree_.file(device_of(kCard) + "/hwmon/hwmon" + std::to_string(hwmon) + "/" + file, text + "\n");
  }
  FakeTree tree_;
  ManualClock clock_;
  Machine machine_;
};

TEST_F(IntelGpuTest, CountsTheCardAndShowsItsPackage) {
  add_xe(kCard, 1, 2);
  const auto discovery = discover();
  EXPECT_THAT(names(discovery), ElementsAre("gpu0+", "gpu0-package"));
  const ChannelInfo& card = discovery.sources[0]->channels()[0];
  EXPECT_EQ(card.scope, "gpu-board");
  EXPECT_EQ(card.device, kCard);
  EXPECT_DOUBLE_EQ(card.gain_hi, 0.10);
  EXPECT_EQ(card.power_max, Power{400});
  EXPECT_EQ(std::get<Energy>(read(discovery)[0]), Energy{});
  clock_.pass(1);
  set("energy1_input", "101000000");
  EXPECT_EQ(std::get<Energy>(read(discovery)[0]), Energy{100'000'000});
}

TEST_F(IntelGpuTest, GoesByTheLabelAndNotByTheNumber) {
  add_card(tree_, 0, kCard, "0x8086");
  add_hwmon(tree_,
            device_of(kCard),
            2,
            {{"name", "xe"}, {"energy2_input", "700000"}, {"energy2_label", "pkg"}});
  const auto discovery = discover();
  EXPECT_THAT(names(discovery), ElementsAre("gpu0+"));
  EXPECT_THAT(discovery.sources[0]->channels()[0].basis, HasSubstr("package"));
  EXPECT_EQ(discovery.sources[0]->channels()[0].power_max, Power{600});
}

TEST_F(IntelGpuTest, TakesTheCardOfI915AndNotItsTilesBesides) {
  add_card(tree_, 0, kCard, "0x8086");
  add_hwmon(tree_, device_of(kCard), 2, {{"name", "i915"}, {"energy1_input", "5"}});
  add_hwmon(tree_, device_of(kCard), 3, {{"name", "i915_gt0"}, {"energy1_input", "3"}});
  add_hwmon(tree_, device_of(kCard), 4, {{"name", "i915_gt1"}, {"energy1_input", "2"}});
  EXPECT_THAT(names(discover()), ElementsAre("gpu0+"));
}

TEST_F(IntelGpuTest, CountsOnBeyondThirtyTwoBits) {
  add_xe(kCard, 0, 2);
  set("energy1_input", "4294960000");  // µJ: 32 bits end at 4295 J.
  const auto discovery = discover();
  static_cast<void>(read(discovery));
  clock_.pass(0.1);
  set("energy1_input", "4304960000");
  EXPECT_EQ(std::get<Energy>(read(discovery)[0]), Energy{10'000'000});
}

TEST_F(IntelGpuTest, LosesNothingToAGlitchThatSaysALittleInsteadOfALot) {
  add_xe(kCard, 0, 2);
  set("energy1_input", "22000000000000");
  const auto discovery = discover();
  static_cast<void>(read(discovery));
  clock_.pass(0.1);
  set("energy1_input", "200000000");
  EXPECT_TRUE(std::holds_alternative<ReadFailure>(read(discovery)[0]));
  clock_.pass(0.1);
  set("energy1_input", "22000020000000");
  EXPECT_EQ(std::get<Energy>(read(discovery)[0]), Energy{20'000'000});
}

TEST_F(IntelGpuTest, CallsACounterThatBeganAnewUncertain) {
  add_xe(kCard, 0, 2);
  set("energy1_input", "500000000");
  const auto discovery = discover();
  static_cast<void>(read(discovery));
  clock_.pass(0.1);
  set("energy1_input", "1000000");
  static_cast<void>(read(discovery));
  clock_.pass(0.1);
  set("energy1_input", "2000000");
  EXPECT_TRUE(std::holds_alternative<Uncertain>(read(discovery)[0]));
}

TEST_F(IntelGpuTest, FailsWithTheReasonWhenTheCardIsGoneAndFindsItAgain) {
  add_xe(kCard, 0, 2);
  const auto discovery = discover();
  static_cast<void>(read(discovery));
  clock_.pass(1);
  remove_hwmon(tree_, device_of(kCard), 2);
  EXPECT_EQ(std::get<ReadFailure>(read(discovery)[0]).errno_value, ENOENT);
  clock_.pass(1);
  add_hwmon(tree_,
            device_of(kCard),
            7,
            {{"name", "xe"}, {"energy1_input", "3000000"}, {"energy2_input", "700000"}});
  EXPECT_EQ(std::get<Energy>(read(discovery)[0]), Energy{2'000'000});
}

TEST_F(IntelGpuTest, HasNothingOfIntegratedGpus) {
  add_card(tree_, 0, "0000:00:02.0", "0x8086");
  const auto discovery = discover();
  EXPECT_THAT(discovery.sources, IsEmpty());
  EXPECT_EQ(discovery.findings.at(0).status, Finding::Status::absent);
  EXPECT_THAT(discovery.findings[0].detail, HasSubstr("CPU package"));
}

TEST_F(IntelGpuTest, LeavesACardAsleepThatIsSwitchedOff) {
  add_xe(kCard, 0, 2);
  tree_.file(device_of(kCard) + "/power/runtime_status", "suspended\n");
  const auto discovery = discover();
  EXPECT_THAT(discovery.sources, IsEmpty());
  EXPECT_EQ(discovery.findings.at(0).status, Finding::Status::unused);
}

TEST_F(IntelGpuTest, SaysWhatIsUnreadable) {
  add_xe(kCard, 0, 2);
  set("energy1_input", "");
  const auto discovery = discover();
  // The package is then all there is to count.
  EXPECT_THAT(names(discovery), ElementsAre("gpu0+"));
  EXPECT_THAT(discovery.findings.at(0).detail, HasSubstr("energy1_input"));
}

TEST_F(IntelGpuTest, GivesEachCardANameThatNoOtherMakersCardHas) {
  add_card(tree_, 0, "0000:01:00.0", "0x10de");
  add_xe(kCard, 1, 2);
  add_xe("0000:04:00.0", 2, 3);
  EXPECT_THAT(
      names(discover()),
      ElementsAre("intel-gpu0+", "intel-gpu0-package", "intel-gpu1+", "intel-gpu1-package"));
}

TEST_F(IntelGpuTest, TakesTheUpdatePeriodThatWasFoundOut) {
  add_xe(kCard, 0, 2);
  auto calibration = std::make_shared<Calibration>();
  calibration->sensors["intel-gpu/gpu0@" + kCard].refresh = from_seconds(0.02);
  machine_.calibration = calibration;
  const auto discovery = discover();
  EXPECT_EQ(discovery.sources.at(0)->channels()[0].refresh, from_seconds(0.02));
}

}  // namespace
}  // namespace gradwatt
