// The source "amd-gpu" on the stand-in for AMD's library.
#include "measure/graphics_card.h"
#include "measure/graphics_tree_test.h"
#include "measure/sources/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <dlfcn.h>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Time passes when one looks at it, so that a trial ends, and for the library too.
class LookedAtClock final : public Clock {
 public:
  LookedAtClock() {
    library_ = ::dlopen(GRADWATT_FAKE_AMDSMI_LIB, RTLD_NOW | RTLD_LOCAL);
    set_time_ = reinterpret_cast<void (*)(double)>(::dlsym(library_, "fake_amdsmi_set_time"));
    pass(0);
  }
  [[nodiscard]] Instant now() const override {
    pass(step_s);
    return now_;
  }
  [[nodiscard]] WallTime wall() const override { return {0}; }
  void pass(double s) const {
    now_ = now_ + from_seconds(s);
    set_time_(static_cast<double>(now_.ns) * 1e-9);
  }
  double step_s = 0.02;

 private:
  void* library_ = nullptr;
  void (*set_time_)(double) = nullptr;
  mutable Instant now_{1'000'000'000};
};

class FakeAmdsmi : public testing::Test {
 protected:
  FakeAmdsmi() {
    machine_.sysroot = tree_.root();
    machine_.clock = &clock_;
    machine_.amdsmi_library = GRADWATT_FAKE_AMDSMI_LIB;
  }
  Discovery discover(const std::string& script) {
    tree_.file("script", script);
    ::setenv("GRADWATT_FAKE_AMDSMI", (tree_.root() / "script").c_str(), 1);
    Discovery found = amd_gpu_family().discover(machine_, {});
    clock_.step_s = 0;
    return found;
  }
  static std::vector<std::string> names(const Discovery& discovery) {
    std::vector<std::string> names;
    for (const auto& source : discovery.sources) {
      for (const ChannelInfo& channel : source->channels()) {
        names.push_back(channel.channel + " " + channel.method);
      }
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
  static ChannelReading read(const Discovery& discovery, std::size_t source = 0) {
    std::vector<ChannelReading> readings(1);
    discovery.sources.at(source)->read(readings);
    return readings[0];
  }
  FakeTree tree_;
  LookedAtClock clock_;
  Machine machine_;
};

TEST_F(FakeAmdsmi, CountsWithACounterThatAgreesWithThePower) {
  const auto discovery =
      discover("gpu uuid=GPU-77 name=MI300X bdf=c100 power=300 energy0=1000 limit=750\n");
  ASSERT_THAT(names(discovery), ElementsAre("gpu0 counter"));
  const ChannelInfo& gpu = discovery.sources[0]->channels()[0];
  EXPECT_EQ(gpu.device, "GPU-77");
  EXPECT_EQ(gpu.scope, "gpu-board");
  EXPECT_TRUE(gpu.in_total);
  EXPECT_DOUBLE_EQ(gpu.gain_hi, 0.10);
  EXPECT_EQ(gpu.power_max, Power{1500});
  EXPECT_THAT(details(discovery), HasSubstr("0000:c1:00.0"));
  EXPECT_THAT(details(discovery), HasSubstr("counter / power 1.00"));
  static_cast<void>(read(discovery));
  clock_.pass(10);
  // 300 W for 10 s in counts of 15.3 µJ.
  EXPECT_NEAR(std::get<Energy>(read(discovery)).joules(), 3000, 1e-3);
}

TEST_F(FakeAmdsmi, UnderstandsEachVersionsPower) {
  for (const std::string version : {"24", "25", "26"}) {
    for (const std::string average : {"0", "1"}) {
      clock_.step_s = 0.02;
      const auto discovery = discover("version " + version +
                                      "\ngpu name=X power=210 average=" + average + " bdf=100\n");
      ASSERT_THAT(names(discovery), ElementsAre("gpu0 counter")) << version << average;
      std::vector<DeviceState> states;
      discovery.sources[0]->read_states(states);
      ASSERT_EQ(states.size(), 1U);
      EXPECT_EQ(states[0].name, "power_w");
      EXPECT_EQ(states[0].value, 210) << version << average;
    }
  }
}

TEST_F(FakeAmdsmi, RefusesVersionsWhoseStructuresAreNotKnown) {
  for (const std::string version : {"23", "27"}) {
    const auto discovery = discover("version " + version + "\ngpu power=300\n");
    EXPECT_THAT(discovery.sources, IsEmpty());
    EXPECT_THAT(details(discovery), HasSubstr("version " + version + ", and only 24 to 26"));
  }
}

TEST_F(FakeAmdsmi, FallsBackToThePowerWhereTheCounterStandsStill) {
  const auto discovery = discover("gpu name=MI210 power=100 rate=0 energy0=77 bdf=100\n");
  ASSERT_THAT(names(discovery), ElementsAre("gpu0 power"));
  const ChannelInfo& gpu = discovery.sources[0]->channels()[0];
  EXPECT_DOUBLE_EQ(gpu.gain_lo, 0.15);
  EXPECT_THAT(gpu.basis, HasSubstr("stands still"));
  EXPECT_EQ(std::get<Powered>(read(discovery)).power, Power{100});
  clock_.pass(2);
  EXPECT_EQ(std::get<Powered>(read(discovery)).since_first, Energy::from_joules(200));
}

TEST_F(FakeAmdsmi, FallsBackToThePowerWhereTheCounterCountsAHundredfold) {
  const auto discovery = discover("gpu name=MI100 power=100 rate=10000 bdf=100\n");
  ASSERT_THAT(names(discovery), ElementsAre("gpu0 power"));
  EXPECT_THAT(discovery.sources[0]->channels()[0].basis, HasSubstr("what its power says"));
}

TEST_F(FakeAmdsmi, FallsBackToThePowerWhereTheCounterFalls) {
  const auto discovery = discover("gpu power=100 energy0=1000 falls_at=0.2 bdf=100\n");
  ASSERT_THAT(names(discovery), ElementsAre("gpu0 power"));
  EXPECT_THAT(discovery.sources[0]->channels()[0].basis, HasSubstr("falls"));
}

TEST_F(FakeAmdsmi, LosesLittleToACounterThatFallsLater) {
  const auto discovery = discover("gpu power=100 energy0=1000 falls_at=2 bdf=100\n");
  ASSERT_THAT(names(discovery), ElementsAre("gpu0 counter"));
  static_cast<void>(read(discovery));
  clock_.pass(1);
  EXPECT_TRUE(std::holds_alternative<Energy>(read(discovery)));
  clock_.pass(0.1);
  static_cast<void>(read(discovery));
  clock_.pass(5);
  // Not 2^64 µJ, and not a fall: more than before, told as uncertain.
  auto reading = read(discovery);
  EXPECT_FALSE(std::holds_alternative<Powered>(reading));
  clock_.pass(1);
  if (!std::holds_alternative<Energy>(reading)) {
    reading = read(discovery);
  }
  const auto* uncertain = std::get_if<Uncertain>(&reading);
  const Energy sum = uncertain != nullptr ? uncertain->since_first : std::get<Energy>(reading);
  EXPECT_GT(sum, Energy::from_joules(500));
  EXPECT_LT(sum, Energy::from_joules(900));
}

TEST_F(FakeAmdsmi, TakesTheTwoDiesOfAnMi250xTogether) {
  const auto discovery = discover(
      "gpu name=MI250X power=400 uuid=A bdf=c100\ngpu name=MI250X power=0 uuid=B bdf=c600\n"
      "gpu name=MI250X power=300 uuid=C bdf=c900\ngpu name=MI250X power=0 uuid=D bdf=ce00\n");
  ASSERT_THAT(names(discovery), ElementsAre("gpu0 counter", "gpu1 counter"));
  EXPECT_EQ(discovery.sources[1]->channels()[0].device, "C");
  EXPECT_THAT(discovery.sources[0]->channels()[0].basis, HasSubstr("both dies"));
  EXPECT_THAT(details(discovery), HasSubstr("0000:c6:00.0: the second die"));
}

TEST_F(FakeAmdsmi, DoesNotCountOneDieForTwo) {
  const auto discovery = discover(
      "gpu name=MI250X power=400 rate=210 bdf=c100\ngpu name=MI250X power=0 rate=190 bdf=c600\n");
  EXPECT_THAT(names(discovery), ElementsAre("gpu0 power"));
}

TEST_F(FakeAmdsmi, HasNothingToSayOfASecondDieAlone) {
  const auto discovery = discover("gpu name=MI250X power=0 rate=0 bdf=c600\n");
  EXPECT_THAT(discovery.sources, IsEmpty());
  EXPECT_EQ(discovery.findings.at(0).status, Finding::Status::unused);
  EXPECT_THAT(details(discovery), HasSubstr("of which the first is not visible"));
}

TEST_F(FakeAmdsmi, CountsWithoutAPowerToCheckAgainst) {
  const auto discovery = discover("gpu rate=100 power_code=2 bdf=100\n");
  ASSERT_THAT(names(discovery), ElementsAre("gpu0 counter"));
  EXPECT_THAT(discovery.sources[0]->channels()[0].basis, HasSubstr("no power to check"));
}

TEST_F(FakeAmdsmi, TakesThePowerWhereThereIsNoCounter) {
  const auto discovery = discover("gpu power=90 energy_code=2 bdf=100\n");
  EXPECT_THAT(names(discovery), ElementsAre("gpu0 power"));
}

TEST_F(FakeAmdsmi, SaysWhyAGpuTellsNothing) {
  const auto discovery = discover("gpu power=90 energy_code=2 power_code=10 bdf=100\n");
  EXPECT_THAT(discovery.sources, IsEmpty());
  EXPECT_THAT(details(discovery), HasSubstr("no readable counter"));
}

TEST_F(FakeAmdsmi, FailsWithTheLibrarysReasonWhileItIsBusy) {
  const auto discovery = discover("gpu power=100 bdf=100 fails_at=5\n");
  static_cast<void>(read(discovery));
  clock_.pass(10);
  EXPECT_THAT(std::get<ReadFailure>(read(discovery)).reason, HasSubstr("busy"));
}

TEST_F(FakeAmdsmi, SaysWhyTheLibraryIsOfNoUse) {
  EXPECT_THAT(details(discover("init 34\n")), HasSubstr("AMDSMI_STATUS"));
  machine_.amdsmi_library = (tree_.root() / "none.so").string();
  const auto discovery = discover("");
  EXPECT_EQ(discovery.findings.at(0).status, Finding::Status::absent);
  EXPECT_THAT(details(discovery), HasSubstr("none.so"));
}

TEST_F(FakeAmdsmi, TakesCardsThatTheLibraryDoesNotListFromTheirFiles) {
  add_card(tree_, 0, "0000:c1:00.0", kAmd);
  add_hwmon(tree_, device_of("0000:c1:00.0"), 0, {{"name", "amdgpu"}, {"power1_input", "9"}});
  add_card(tree_, 1, "0000:c2:00.0", kAmd);
  add_hwmon(
      tree_, device_of("0000:c2:00.0"), 1, {{"name", "amdgpu"}, {"power1_average", "45000000"}});
  const auto discovery = discover("gpu power=300 bdf=c100\n");
  EXPECT_THAT(names(discovery), ElementsAre("gpu0 counter", "gpu1 power"));
}

}  // namespace
}  // namespace gradwatt
