#include "measure/calibration.h"
#include "measure/nvml_fake_test.h"

#include <memory>

namespace gradwatt {
namespace {

using Status = Finding::Status;
using testing::HasSubstr;

class NvmlTest : public FakeNvmlTest {};

TEST_F(NvmlTest, PrefersTheCounterAndIsExactUnderAnyLoad) {
  discover("[gpu]\nuuid = GPU-1\npower = square low=50 high=300 period=0.1\nwindow = 0.025");
  EXPECT_EQ(info().channel, "gpu0");
  EXPECT_EQ(info().device, "GPU-1");
  EXPECT_EQ(info().source, "nvml");
  EXPECT_EQ(info().method, "counter");
  EXPECT_EQ(info().scope, "gpu-board");
  EXPECT_TRUE(info().in_total);
  EXPECT_EQ(info().refresh, std::chrono::milliseconds(100));
  EXPECT_EQ(info().gain_hi, 0.05);
  EXPECT_NEAR(joules(run(10)), 1750, 0.01);
  EXPECT_EQ(finding("nvml gpu0").status, Status::present);
}

TEST_F(NvmlTest, BoundsThePowerByOneAndAHalfTimesTheLimit) {
  discover(gpu("GPU-1", "limit = 400"));
  ASSERT_TRUE(info().power_max.has_value());
  EXPECT_DOUBLE_EQ(info().power_max->watts, 600);
  discover(gpu("GPU-1", "limit = 0"));
  EXPECT_FALSE(info().power_max.has_value());
}

TEST_F(NvmlTest, ReadsTheCounterAsAFieldWhereTheCallIsNotSupported) {
  discover(gpu("GPU-1", "counter = no"));
  EXPECT_EQ(info().method, "counter");
  EXPECT_NEAR(joules(run(2)), 600, 0.01);
}

TEST_F(NvmlTest, IntegratesTheInstantPowerWhereThereIsNoCounter) {
  discover(gpu("GPU-1", "counter = no\nenergy_field = no"));
  EXPECT_EQ(info().method, "power");
  EXPECT_EQ(info().window, std::chrono::milliseconds(25));
  EXPECT_THAT(info().basis, HasSubstr("25 of every 100 ms"));
  const ChannelReading last = run(10);
  EXPECT_NEAR(joules(last), 3000, 0.01);
  EXPECT_DOUBLE_EQ(std::get<Powered>(last).power.watts, 300);
}

TEST_F(NvmlTest, SaysWhenThePowerIsAMeanOverASecond) {
  const std::string none = "counter = no\nenergy_field = no\ninstant = no\n";
  discover(gpu("GPU-1", none));
  EXPECT_EQ(info().window, std::chrono::seconds(1));
  EXPECT_THAT(info().basis, HasSubstr("one-second mean"));
  // The A100's chip is the exception among Ampere: the same call gives its instant power.
  discover(gpu("GPU-1", none + "name = NVIDIA A100-SXM4-40GB\narchitecture = 7\nusage = instant"));
  EXPECT_EQ(info().window, std::chrono::milliseconds(25));
  EXPECT_THAT(info().basis, testing::Not(HasSubstr("one-second")));
}

TEST_F(NvmlTest, IsOffWithOneSecondMeansByWhatTheyTellTooLate) {
  discover(
      "[gpu]\nuuid = GPU-1\npower = burst low=60 high=300 length=3\n"
      "counter = no\nenergy_field = no\ninstant = no");
  // A tail as long as the mean brings back what it was late with.
  EXPECT_NEAR(joules(run(6)), 3 * 300 + 3 * 60, 0.05 * 240 * 2);
}

TEST_F(NvmlTest, TreatsAnOldLibraryByWhatItHas) {
  machine_.nvml_library = GRADWATT_OLD_NVML_LIBRARY;
  play(gpu("GPU-1"));
  discovery_ = nvml_family().discover(machine_, {});
  EXPECT_EQ(info().method, "power");
  EXPECT_FALSE(states(*discovery_.sources[0]).contains("throttle_reasons"));
}

TEST_F(NvmlTest, NeverTakesAResetForAWrap) {
  discover(gpu("GPU-1", "fault = reset from=2.0"));
  EXPECT_NEAR(joules(run(1.9)), 570, 0.01);
  EXPECT_TRUE(std::holds_alternative<ReadFailure>(run(0.1)));
  pass(0.1);
  const ChannelReading reset = read(*discovery_.sources[0])[0];
  const auto& told = std::get<Uncertain>(reset);
  EXPECT_NEAR(told.since_first.joules(), 630, 0.01);
  EXPECT_LT(told.least, told.assumed);
  EXPECT_LT(told.assumed, told.most);
  EXPECT_NEAR(joules(run(1)), 930, 0.01);
}

TEST_F(NvmlTest, LosesNothingToOneOddValue) {
  discover(gpu("GPU-1", "fault = glitch from=0.9 to=1.0"));
  run(0.8);
  EXPECT_TRUE(std::holds_alternative<ReadFailure>(run(0.1)));
  pass(0.1);
  EXPECT_NEAR(joules(run(1)), 600, 0.01);
}

TEST_F(NvmlTest, GoesOnWithTheOthersWhenOneGpuIsLost) {
  discover(gpu("GPU-1", "fault = lost from=1 to=2") + gpu("GPU-2"));
  ASSERT_EQ(discovery_.sources.size(), 2U);
  static_cast<void>(read(*discovery_.sources[1]));
  run(1.5);
  const auto lost = read(*discovery_.sources[0]);
  EXPECT_THAT(std::get<ReadFailure>(lost[0]).reason, HasSubstr("lost"));
  EXPECT_TRUE(states(*discovery_.sources[0]).empty());
  EXPECT_NEAR(joules(read(*discovery_.sources[1])[0]), 450, 0.01);
  pass(0.6);
  EXPECT_NEAR(joules(read(*discovery_.sources[0])[0]), 630, 30.01);
}

TEST_F(NvmlTest, NamesTheReasonOfEachFailure) {
  for (const auto& [fault, reason] :
       std::map<std::string, std::string>{{"no_permission", "no permission"},
                                          {"not_supported", "not support"},
                                          {"unknown", "does not know"},
                                          {"error by=16", "reset"},
                                          {"error by=10", "in time"},
                                          {"error by=77", "NVML error 77"}}) {
    discover(gpu("GPU-1", "fault = " + fault + " from=" + std::to_string(now_s() + 1)));
    pass(2);
    EXPECT_THAT(std::get<ReadFailure>(read(*discovery_.sources[0])[0]).reason, HasSubstr(reason));
  }
}

TEST_F(NvmlTest, TakesNoPowerThatMakesNoSense) {
  const std::string power_only = "counter = no\nenergy_field = no\nlimit = 400\n";
  for (const char* odd : {"0", "601"}) {
    discover(gpu("GPU-1", power_only + "fault = power by=" + odd + " from=0"));
    EXPECT_TRUE(std::holds_alternative<ReadFailure>(read(*discovery_.sources[0])[0]));
  }
}

TEST_F(NvmlTest, NotesWhatElseTheBoardSaysOfItself) {
  discover(gpu("GPU-1", "limit = 400"));
  run(1);
  const auto values = states(*discovery_.sources[0]);
  EXPECT_DOUBLE_EQ(values.at("power_w"), 300);
  EXPECT_DOUBLE_EQ(values.at("power_limit_w"), 400);
  EXPECT_EQ(values.at("temperature_c"), 61);
  EXPECT_EQ(values.at("utilisation_percent"), 100);
  EXPECT_EQ(values.at("memory_utilisation_percent"), 50);
  EXPECT_EQ(values.at("sm_clock_mhz"), 1980);
  EXPECT_EQ(values.at("memory_clock_mhz"), 2619);
  EXPECT_EQ(values.at("throttle_reasons"), 4);
  EXPECT_TRUE(values.contains("latency_us"));
  EXPECT_FALSE(values.contains("counter_suspect"));
}

TEST_F(NvmlTest, SuspectsACounterThatDisagreesWithThePower) {
  for (const auto& [fault, suspect] : std::map<std::string, bool>{{"scale by=1.5 from=0", false},
                                                                  {"scale by=2.5 from=0", true},
                                                                  {"scale by=0.3 from=0", true},
                                                                  {"scale by=0 from=0", true}}) {
    discover(gpu("GPU-1", "limit = 700\nfault = " + fault));
    run(6);
    EXPECT_EQ(states(*discovery_.sources[0]).contains("counter_suspect"), suspect) << fault;
  }
}

TEST_F(NvmlTest, TakesTheModuleWhereTheBoardIsNotTold) {
  discover(gpu("GPU-1", "gpu_scope = no\nusage = no\nmodule = constant power=500"));
  EXPECT_EQ(info().scope, "module");
  EXPECT_EQ(info().method, "counter");
  EXPECT_TRUE(info().in_total);
  EXPECT_THAT(info().basis, HasSubstr("GPU, CPU and their memory"));
  EXPECT_NEAR(joules(run(2)), 1000, 0.01);
  EXPECT_DOUBLE_EQ(states(*discovery_.sources[0]).at("power_w"), 500);
}

TEST_F(NvmlTest, TakesTheModulesPowerWhereItHasNoCounter) {
  discover(
      gpu("GPU-1", "gpu_scope = no\nenergy_field = no\nusage = no\nmodule = constant power=500"));
  EXPECT_EQ(info().scope, "module");
  EXPECT_EQ(info().method, "power");
  EXPECT_NEAR(joules(run(2)), 1000, 0.01);
}

TEST_F(NvmlTest, ShowsTheMemorysPowerAsPartOfTheBoard) {
  discover(gpu("GPU-1", "memory = constant power=70"));
  ASSERT_EQ(discovery_.sources[0]->channels().size(), 2U);
  EXPECT_EQ(info(1).channel, "gpu0-memory");
  EXPECT_EQ(info(1).scope, "gpu-memory");
  EXPECT_EQ(info(1).method, "power");
  EXPECT_FALSE(info(1).in_total);
  static_cast<void>(read(*discovery_.sources[0]));
  pass(2);
  const auto readings = read(*discovery_.sources[0]);
  EXPECT_NEAR(joules(readings[0]), 600, 0.01);
  EXPECT_NEAR(joules(readings[1]), 140, 0.01);
}

TEST_F(NvmlTest, NeverHandsABoardsPowerToASlice) {
  machine_.visible_gpus = "MIG-b";
  discover(gpu("GPU-1", "mig = MIG-a, MIG-b"));
  EXPECT_EQ(info().scope, "gpu-shared-board");
  EXPECT_FALSE(info().in_total);
  EXPECT_THAT(info().basis, HasSubstr("MIG"));
  // A container sees its own slice only: that it looks alone proves nothing.
  discover(gpu("GPU-1", "mig = MIG-b"));
  EXPECT_EQ(info().scope, "gpu-shared-board");
  discover(gpu("GPU-1", "mig = off"));
  EXPECT_TRUE(discovery_.sources.empty());
  machine_.visible_gpus.reset();
  discover(gpu("GPU-1", "mig = off"));
  EXPECT_EQ(info().scope, "gpu-board");
}

TEST_F(NvmlTest, LeavesOutWhatTheCommandCannotSee) {
  machine_.visible_gpus = "1";
  discover(gpu("GPU-1", "pci = 00000000:01:00.0") + gpu("GPU-2", "pci = 00000000:02:00.0"));
  ASSERT_EQ(discovery_.sources.size(), 1U);
  EXPECT_EQ(info().channel, "gpu1");
  EXPECT_EQ(info().device, "GPU-2");
  EXPECT_EQ(finding("nvml gpu0").status, Status::unused);
  EXPECT_THAT(finding("nvml gpu0").detail, HasSubstr("not visible to the command"));
  EXPECT_THAT(finding("nvml gpu0").detail, HasSubstr("PCI bus order"));
}

TEST_F(NvmlTest, KnowsAGpuByItsUuidInWhateverOrderTheyCome) {
  machine_.visible_gpus = "GPU-2";
  discover(gpu("GPU-1") + gpu("GPU-2"));
  EXPECT_EQ(info().device, "GPU-2");
  discover(gpu("GPU-2") + gpu("GPU-1"));
  EXPECT_EQ(info().device, "GPU-2");
  EXPECT_EQ(info().channel, "gpu0");
}

TEST_F(NvmlTest, WarnsWhereAnIndexMayMeanAnotherCard) {
  machine_.visible_gpus = "0";
  discover(gpu("GPU-1", "name = NVIDIA T400") + gpu("GPU-2", "name = NVIDIA A100-PCIE-40GB"));
  EXPECT_THAT(finding("nvml").fix, HasSubstr("CUDA_DEVICE_ORDER=PCI_BUS_ID"));
  machine_.cuda_in_pci_order = true;
  discover(gpu("GPU-1", "name = NVIDIA T400") + gpu("GPU-2", "name = NVIDIA A100-PCIE-40GB"));
  EXPECT_EQ(finding("nvml").what, "there is no such finding");
}

TEST_F(NvmlTest, TellsWhyTheDriverDoesNotStart) {
  discover("init = 9");
  EXPECT_EQ(finding("nvml").status, Status::denied);
  EXPECT_THAT(finding("nvml").fix, HasSubstr("modprobe"));
  discover("init = 18");
  EXPECT_EQ(finding("nvml").status, Status::denied);
  EXPECT_THAT(finding("nvml").detail, HasSubstr("different versions"));
  EXPECT_THAT(finding("nvml").fix, HasSubstr("reboot"));
  discover("init = 999");
  EXPECT_EQ(finding("nvml").status, Status::denied);
  discover("init = 0");
  EXPECT_EQ(finding("nvml").status, Status::absent);
}

TEST_F(NvmlTest, IsAbsentWithoutTheLibrary) {
  machine_.nvml_library = "libno-such-nvml.so.1";
  discover(gpu("GPU-1"));
  EXPECT_TRUE(discovery_.sources.empty());
  EXPECT_EQ(finding("nvml").status, Status::absent);
  EXPECT_EQ(finding("nvml").fix, "");
  tree_.file("sys/bus/pci/devices/0000:01:00.0/vendor", "0x10de\n")
      .file("sys/bus/pci/devices/0000:01:00.0/class", "0x030000\n");
  discover(gpu("GPU-1"));
  EXPECT_THAT(finding("nvml").fix, HasSubstr("driver"));
}

TEST_F(NvmlTest, DoesNotWakeASleepingGpu) {
  const std::string card = "sys/bus/pci/devices/0000:01:00.0/";
  tree_.file(card + "vendor", "0x10de\n").file(card + "class", "0x030200\n");
  tree_.file(card + "power/runtime_status", "suspended\n");
  // Its sound device is no GPU.
  tree_.file("sys/bus/pci/devices/0000:01:00.1/vendor", "0x10de\n")
      .file("sys/bus/pci/devices/0000:01:00.1/class", "0x040300\n")
      .file("sys/bus/pci/devices/0000:01:00.1/power/runtime_status", "active\n");
  discover(gpu("GPU-1"));
  EXPECT_TRUE(discovery_.sources.empty());
  EXPECT_EQ(finding("nvml").status, Status::unused);
  EXPECT_THAT(finding("nvml").detail, HasSubstr("asleep"));
  tree_.file(card + "power/runtime_status", "active\n");
  discover(gpu("GPU-1"));
  EXPECT_EQ(discovery_.sources.size(), 1U);
}

TEST_F(NvmlTest, TellsAGpuThatCannotBeReadAtAll) {
  discover(gpu("GPU-1", "gpu_scope = no\nusage = no") + gpu("GPU-2", "fault = lost") +
           gpu("GPU-3", "fault = no_permission") + gpu("GPU-4"));
  ASSERT_EQ(discovery_.sources.size(), 1U);
  EXPECT_EQ(info().channel, "gpu3");
  EXPECT_EQ(finding("nvml gpu0").status, Status::absent);
  EXPECT_EQ(finding("nvml gpu1").status, Status::denied);
  EXPECT_THAT(finding("nvml gpu1").detail, HasSubstr("lost"));
  EXPECT_EQ(finding("nvml gpu2").status, Status::denied);
  EXPECT_THAT(finding("nvml gpu2").detail, HasSubstr("permission"));
}

TEST_F(NvmlTest, UsesWhatCalibrationFoundOut) {
  auto calibration = std::make_shared<Calibration>();
  calibration->sensors["nvml/gpu0@GPU-1"] = {
      std::chrono::milliseconds(20), std::chrono::milliseconds(15), std::chrono::milliseconds(7)};
  calibration->idle["nvml/gpu0@GPU-1"].mean = Power{60};
  machine_.calibration = calibration;
  discover(gpu("GPU-1"));
  EXPECT_EQ(info().refresh, std::chrono::milliseconds(20));
  EXPECT_EQ(info().window, Duration{});
  EXPECT_EQ(info().power_min, Power{});  // A mean at rest is no floor: docs/calibration.md.
  discover(gpu("GPU-1", "counter = no\nenergy_field = no"));
  EXPECT_EQ(info().refresh, std::chrono::milliseconds(20));
  EXPECT_EQ(info().window, std::chrono::milliseconds(15));
  EXPECT_EQ(info().lag, std::chrono::milliseconds(7));
}

TEST_F(NvmlTest, CountsNothingForASuspendedMachine) {
  discover(gpu("GPU-1"));
  EXPECT_NEAR(joules(run(1)), 300, 0.01);
  discovery_.sources[0]->forget_last();
  pass(3600);
  EXPECT_NEAR(joules(run(1)), 600, 0.01);
}

TEST_F(NvmlTest, ReadsInAProcessOfItsOwn) { EXPECT_TRUE(nvml_family().may_block); }

}  // namespace
}  // namespace gradwatt
