#include "measure/discovered_test.h"
#include "measure/sources/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

namespace gradwatt {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

class CrayTest : public SourceTest {
 protected:
  CrayTest() : SourceTest(cray_family()) {}

  void set(const std::string& file, const std::string& text) {
    tree_.file("sys/cray/pm_counters/" + file, text + "\n");
  }
  void node() {
    set("energy", "12044825101 J 7810213855886 us");
    set("power", "724 W 7810213855886 us");
    set("power_cap", "2894 W");
    set("cpu_energy", "3044825101 J 7810213855886 us");
    set("cpu_power", "112 W 7810213855886 us");
    set("memory_energy", "1044825101 J 7810213855886 us");
    set("memory_power", "60 W 7810213855886 us");
    set("freshness", "62408");
    set("generation", "3");
    set("raw_scan_hz", "10");
    set("version", "2");
  }
};

TEST_F(CrayTest, AddsTheNodeAndShowsItsParts) {
  node();
  set("accel0_energy", "2869283299 J 7810213855886 us");
  set("accel1_energy", "2869283300 J 7810213855886 us");
  discover();
  EXPECT_THAT(channels(),
              ElementsAre("cray-node node +",
                          "cray-cpu cpu-package",
                          "cray-memory dram",
                          "cray-accel0 gpu-board",
                          "cray-accel1 gpu-board"));
  EXPECT_EQ(info(0).method, "counter");
  EXPECT_DOUBLE_EQ(info(0).gain_hi, 0.05);
  EXPECT_EQ(info(0).refresh, std::chrono::milliseconds(100));
}

TEST_F(CrayTest, CountsWholeJoules) {
  node();
  discover();
  EXPECT_EQ(std::get<Energy>(read()[0]), Energy{});
  clock_.pass(0.1);
  set("energy", "12044825174 J 7810213955886 us");
  set("freshness", "62409");
  EXPECT_EQ(std::get<Energy>(read()[0]), Energy::from_joules(73));
}

TEST_F(CrayTest, IsRenewedAsOftenAsTheNodeSays) {
  node();
  set("raw_scan_hz", "20");
  discover();
  EXPECT_EQ(info(0).refresh, std::chrono::milliseconds(50));
  set("raw_scan_hz", "0");
  discover();
  EXPECT_EQ(info(0).refresh, std::chrono::milliseconds(100));
}

TEST_F(CrayTest, CallsARestartOfTheControllerUncertain) {
  node();
  discover();
  static_cast<void>(read());
  clock_.pass(1);
  set("energy", "12 J 1000000 us");
  EXPECT_TRUE(std::holds_alternative<ReadFailure>(read()[0]));
  clock_.pass(1);
  set("energy", "512 J 2000000 us");
  EXPECT_GE(std::get<Uncertain>(read()[0]).least, Energy::from_joules(500));
}

TEST_F(CrayTest, FailsAReadingWithoutInventingAValue) {
  node();
  discover();
  static_cast<void>(read());
  for (const std::string text : {"", "soon", "-5 J 1 us", "724 W 7810213855886 us"}) {
    clock_.pass(0.1);
    set("energy", text);
    EXPECT_EQ(std::get<ReadFailure>(read()[0]).errno_value, EINVAL) << text;
    EXPECT_TRUE(std::holds_alternative<Energy>(read()[1]));
  }
  clock_.pass(0.1);
  set("energy", "12044825174 J 7810213955886 us");
  EXPECT_EQ(std::get<Energy>(read()[0]), Energy::from_joules(73));
}

TEST_F(CrayTest, NotesPowerItsLimitAndHowOftenThatChanged) {
  node();
  discover();
  std::vector<DeviceState> states;
  source().read_states(states);
  const auto is = [](const char* name, double value) {
    return AllOf(Field(&DeviceState::name, name), Field(&DeviceState::value, value));
  };
  EXPECT_THAT(
      states,
      ElementsAre(is("power_w", 724), is("power_limit_w", 2894), is("power_limit_changes", 3)));
}

TEST_F(CrayTest, IsBoundedByTheNodesLimit) {
  node();
  discover();
  EXPECT_EQ(info(0).power_max, Power{4341});
}

TEST_F(CrayTest, TakesALimitOfZeroForNone) {
  node();
  set("power_cap", "0 W");
  discover();
  EXPECT_EQ(info(0).power_max, Power{8000});
  std::vector<DeviceState> states;
  source().read_states(states);
  EXPECT_THAT(states, testing::Not(Contains(Field(&DeviceState::name, "power_limit_w"))));
}

TEST_F(CrayTest, StartsAnewAfterTheMachineSlept) {
  node();
  discover();
  static_cast<void>(read());
  source().forget_last();
  clock_.pass(1);
  set("energy", "12044899999 J 1 us");
  EXPECT_EQ(std::get<Energy>(read()[0]), Energy{});
}

TEST_F(CrayTest, DoesWithoutCountersOfParts) {
  set("energy", "12044825101 J 7810213855886 us");
  discover();
  EXPECT_THAT(channels(), ElementsAre("cray-node node +"));
  EXPECT_EQ(std::get<Energy>(read()[0]), Energy{});
}

TEST_F(CrayTest, IsAbsentElsewhere) {
  discover();
  EXPECT_THAT(discovery_.sources, IsEmpty());
  EXPECT_EQ(finding().status, Finding::Status::absent);
}

}  // namespace
}  // namespace gradwatt
