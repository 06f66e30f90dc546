#include "measure/graphics_card.h"
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

/// Passes when one looks at it, so that a trial ends.
class LookedAtClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return now_ = now_ + from_seconds(step_s); }
  [[nodiscard]] WallTime wall() const override { return {0}; }
  void pass(double s) { now_ = now_ + from_seconds(s); }
  double step_s = 0.1;

 private:
  mutable Instant now_{1'000'000'000};
};

const std::string kCard = "0000:c1:00.0";

class AmdGpuFiles : public testing::Test {
 protected:
  AmdGpuFiles() {
    machine_.sysroot = tree_.root();
    machine_.clock = &clock_;
    machine_.amdsmi_library = (tree_.root() / "no-libamd_smi.so").string();
  }
  void add(int number,
           const std::string& address,
           DeviceFiles files,
           const std::string& model = "0x73bf") {
    files["name"] = "amdgpu";
    add_card(tree_, number, address, kAmd, model);
    add_hwmon(tree_, device_of(address), number, files);
  }
  Discovery discover() {
    Discovery found = amd_gpu_family().discover(machine_, {});
    clock_.step_s = 0;
    return found;
  }
  static std::vector<std::string> names(const Discovery& discovery) {
    std::vector<std::string> names;
    for (const auto& source : discovery.sources) {
      const ChannelInfo& channel = source->channels().at(0);
      names.push_back(channel.channel + " " + channel.method + " " + channel.device);
    }
    return names;
  }
  static std::string details(const Discovery& discovery) {
    std::string all;
    for (const Finding& finding : discovery.findings) {
      all += finding.what + ": " + finding.detail + "\n";
    }
    return all;
  }
  static ChannelReading read(const Discovery& discovery) {
    std::vector<ChannelReading> readings(1);
    discovery.sources.at(0)->read(readings);
    return readings[0];
  }
  FakeTree tree_;
  LookedAtClock clock_;
  Machine machine_;
};

TEST_F(AmdGpuFiles, TakesWhicheverPowerThereIs) {
  add(0, kCard, {{"power1_average", "45000000"}, {"power1_cap", "203000000"}});
  add(1, "0000:c6:00.0", {{"power1_input", "31000000"}});
  tree_.file(device_of(kCard) + "/unique_id", "abc123\n");
  const auto discovery = discover();
  EXPECT_THAT(names(discovery), ElementsAre("gpu0 power abc123", "gpu1 power 0000:c6:00.0"));
  EXPECT_EQ(discovery.sources[0]->channels()[0].power_max, Power{406});
  EXPECT_DOUBLE_EQ(discovery.sources[0]->channels()[0].gain_hi, 0.15);
  EXPECT_THAT(details(discovery), HasSubstr("no-libamd_smi.so"));
  EXPECT_EQ(std::get<Powered>(read(discovery)).power, Power{45});
  clock_.pass(2);
  EXPECT_EQ(std::get<Powered>(read(discovery)).since_first, Energy::from_joules(90));
}

TEST_F(AmdGpuFiles, FindsACardAgainWhoseDriverWasLoadedAnew) {
  add(0, kCard, {{"power1_average", "45000000"}});
  const auto discovery = discover();
  static_cast<void>(read(discovery));
  clock_.pass(1);
  remove_hwmon(tree_, device_of(kCard), 0);
  EXPECT_EQ(std::get<ReadFailure>(read(discovery)).errno_value, ENOENT);
  clock_.pass(1);
  add_hwmon(tree_, device_of(kCard), 5, {{"name", "amdgpu"}, {"power1_average", "45000000"}});
  // 2 s at 45 W are assumed; they could have been anything from 0 up to the greatest power.
  const auto again = std::get<Uncertain>(read(discovery));
  EXPECT_EQ(again.since_first, Energy::from_joules(90));
  EXPECT_EQ(again.least, Energy{});
}

TEST_F(AmdGpuFiles, RefusesAPowerThatCannotBe) {
  add(0, kCard, {{"power1_average", "45000000"}});
  const auto discovery = discover();
  tree_.file(device_of(kCard) + "/hwmon/hwmon0/power1_average", "4294967295000000\n");
  EXPECT_TRUE(std::holds_alternative<ReadFailure>(read(discovery)));
  tree_.file(device_of(kCard) + "/hwmon/hwmon0/power1_average", "\n");
  EXPECT_EQ(std::get<ReadFailure>(read(discovery)).errno_value, EINVAL);
}

TEST_F(AmdGpuFiles, DoesNotBelieveACounterThatStandsStill) {
  add(0, kCard, {{"power1_input", "45000000"}, {"energy1_input", "123456"}});
  const auto discovery = discover();
  EXPECT_THAT(names(discovery), ElementsAre("gpu0 power " + kCard));
  EXPECT_THAT(details(discovery), HasSubstr("stands still"));
}

TEST_F(AmdGpuFiles, LeavesOutWhatIsPartOfTheCpu) {
  add(0, "0000:06:00.0", {{"power1_input", "12000000"}, {"in1_label", "vddnb"}});
  const auto discovery = discover();
  EXPECT_THAT(discovery.sources, IsEmpty());
  EXPECT_THAT(details(discovery), HasSubstr("part of the CPU"));
}

TEST_F(AmdGpuFiles, TakesTwoDiesTogether) {
  add(0, kCard, {{"power1_average", "400000000"}}, "0x7408");
  add(1, "0000:c6:00.0", {{"power1_average", "0"}}, "0x7408");
  const auto discovery = discover();
  EXPECT_THAT(names(discovery), ElementsAre("gpu0 power " + kCard));
  EXPECT_THAT(details(discovery), HasSubstr("0000:c6:00.0: the second die"));
}

TEST_F(AmdGpuFiles, DoesNotTakeNothingToldForNothingDrawn) {
  add(0, kCard, {{"power1_average", "0"}});
  const auto discovery = discover();
  EXPECT_THAT(discovery.sources, IsEmpty());
  EXPECT_EQ(discovery.findings.back().status, Finding::Status::unused);
  EXPECT_THAT(details(discovery), HasSubstr("0 W"));
}

TEST_F(AmdGpuFiles, LeavesACardAsleepThatIsSwitchedOff) {
  add(0, kCard, {{"power1_average", "45000000"}});
  tree_.file(device_of(kCard) + "/power/runtime_status", "suspended\n");
  const auto discovery = discover();
  EXPECT_THAT(discovery.sources, IsEmpty());
  EXPECT_THAT(details(discovery), HasSubstr("would wake it"));
}

TEST_F(AmdGpuFiles, GivesItsCardsOtherNamesBesideNvidias) {
  add_card(tree_, 0, "0000:01:00.0", kNvidia);
  add(1, kCard, {{"power1_average", "45000000"}});
  EXPECT_THAT(names(discover()), ElementsAre("amd-gpu0 power " + kCard));
}

TEST_F(AmdGpuFiles, SaysThatThereIsNone) {
  add_card(tree_, 0, "0000:01:00.0", kNvidia);
  const auto discovery = discover();
  ASSERT_EQ(discovery.findings.size(), 1U);
  EXPECT_EQ(discovery.findings[0].status, Finding::Status::absent);
}

TEST_F(AmdGpuFiles, SaysThatAVirtualMachineHasNoSensor) {
  add_card(tree_, 0, kCard, kAmd);
  const auto discovery = discover();
  EXPECT_THAT(discovery.sources, IsEmpty());
  EXPECT_THAT(details(discovery), HasSubstr("neither energy nor power"));
}

TEST_F(AmdGpuFiles, ReadsInAProcessOfItsOwn) { EXPECT_TRUE(amd_gpu_family().may_block); }

}  // namespace
}  // namespace gradwatt
