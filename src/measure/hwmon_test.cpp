#include "measure/hwmon.h"

#include "measure/hwmon_tree_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::Field;

const std::string kFirst = "sys/devices/platform/c240000.i2c/i2c-1/1-0040";
const std::string kSecond = "sys/devices/platform/c240000.i2c/i2c-1/1-0041";

TEST(HwmonDevices, AreKnownByTheirDeviceAndNotByTheirNumber) {
  FakeTree tree;
  add_hwmon(tree, kSecond, 0, {{"name", "ina3221"}});
  add_hwmon(tree, kFirst, 7, {{"name", "ina226"}});
  tree.file("sys/class/hwmon/unrelated/name", "no chip\n");
  const auto chips = hwmon_devices(tree.root());
  EXPECT_THAT(
      chips,
      ElementsAre(Field(&HwmonDevice::name, "ina226"), Field(&HwmonDevice::name, "ina3221")));
  const auto root = std::filesystem::canonical(tree.root());
  EXPECT_EQ(chips.at(0).device, root / kFirst);
  EXPECT_EQ(chips.at(0).folder, root / kFirst / "hwmon/hwmon7");
}

TEST(HwmonDevices, TakeTheNameFromTheDeviceWhereTheChipHasNone) {
  FakeTree tree;
  add_hwmon(tree, kFirst, 0, {});
  tree.file(kFirst + "/name", "power_meter\n");
  EXPECT_EQ(hwmon_devices(tree.root()).at(0).name, "power_meter");
}

TEST(HwmonDevices, AreNoneWhereThereIsNoFolder) {
  FakeTree tree;
  EXPECT_TRUE(hwmon_devices(tree.root()).empty());
  EXPECT_TRUE(hwmon_devices_of(tree.root() / kFirst).empty());
}

TEST(HwmonDevices, OfOneDeviceAreFoundThroughALinkToIt) {
  FakeTree tree;
  add_hwmon(tree, kFirst, 3, {{"name", "ina3221"}});
  add_hwmon(tree, kSecond, 4, {{"name", "ina3221"}});
  bind_i2c(tree, "ina3221", "1-0040", kFirst);
  const auto chips = hwmon_devices_of(tree.root() / "sys/bus/i2c/drivers/ina3221/1-0040");
  ASSERT_EQ(chips.size(), 1U);
  EXPECT_EQ(chips[0], hwmon_devices(tree.root()).at(0));
}

TEST(HwmonNumber, FindsItsChipAgainUnderAnotherNumber) {
  FakeTree tree;
  add_hwmon(tree, kFirst, 0, {{"name", "ina3221"}, {"in1_input", "5000"}});
  HwmonNumber number(hwmon_devices(tree.root()).at(0), "in1_input");
  EXPECT_EQ(number.read(), 5000);
  remove_hwmon(tree, kFirst, 0);
  EXPECT_EQ(number.read(), std::nullopt);
  EXPECT_EQ(number.error(), ENOENT);
  add_hwmon(tree, kFirst, 5, {{"name", "ina3221"}, {"in1_input", "5008"}});
  EXPECT_EQ(number.read(), 5008);
}

TEST(HwmonNumber, NeverReadsAnotherChipThatGotItsNumber) {
  FakeTree tree;
  add_hwmon(tree, kFirst, 0, {{"name", "ina3221"}, {"in1_input", "5000"}});
  add_hwmon(tree, kSecond, 1, {{"name", "ina3221"}, {"in1_input", "12000"}});
  HwmonNumber number(hwmon_devices(tree.root()).at(0), "in1_input");
  EXPECT_EQ(number.read(), 5000);
  remove_hwmon(tree, kFirst, 0);
  remove_hwmon(tree, kSecond, 1);
  add_hwmon(tree, kSecond, 0, {{"name", "ina3221"}, {"in1_input", "12000"}});
  EXPECT_EQ(number.read(), std::nullopt);
  add_hwmon(tree, kFirst, 1, {{"name", "ina3221"}, {"in1_input", "5008"}});
  EXPECT_EQ(number.read(), 5008);
}

TEST(HwmonNumber, TakesNoOtherChipOfItsDevice) {
  FakeTree tree;
  add_hwmon(tree, kFirst, 0, {{"name", "power"}, {"power1_input", "1"}});
  add_hwmon(tree, kFirst, 1, {{"name", "fans"}, {"power1_input", "2"}});
  const auto chips = hwmon_devices(tree.root());
  HwmonNumber number(chips.at(1), "power1_input");
  EXPECT_EQ(chips.at(1).name, "power");
  remove_hwmon(tree, kFirst, 0);
  EXPECT_EQ(number.read(), std::nullopt);
}

TEST(HwmonNumber, SaysThatATextIsNoNumber) {
  FakeTree tree;
  add_hwmon(tree, kFirst, 0, {{"name", "ina3221"}, {"in1_input", "soon"}});
  HwmonNumber number(hwmon_devices(tree.root()).at(0), "in1_input");
  EXPECT_EQ(number.read(), std::nullopt);
  EXPECT_EQ(number.error(), EINVAL);
}

}  // namespace
}  // namespace gradwatt
