#include "measure/pm_counter.h"

#include "measure/fake_tree_test.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace gradwatt {
namespace {

TEST(PmValue, HasANumberAUnitAndATime) {
  const auto energy = parse_pm_value("12044825101 J 7810213855886 us\n");
  ASSERT_TRUE(energy);
  EXPECT_EQ(energy->value, 12044825101);
  EXPECT_EQ(energy->unit, "J");
  EXPECT_EQ(energy->time_us, 7810213855886);
  const auto cap = parse_pm_value("2894 W\n");
  ASSERT_TRUE(cap);
  EXPECT_EQ(cap->unit, "W");
  EXPECT_EQ(cap->time_us, std::nullopt);
  const auto rate = parse_pm_value("10\n");
  ASSERT_TRUE(rate);
  EXPECT_EQ(rate->unit, "");
}

TEST(PmValue, IsNothingElse) {
  for (const char* text : {"", "\n", "J", "12.5 J", "12 J soon us", "12 J 5 ms", "1 J 2 us more"}) {
    EXPECT_FALSE(parse_pm_value(text)) << text;
  }
}

TEST(PmCounter, RefusesAnotherUnit) {
  FakeTree tree;
  tree.file("energy", "724 W 7810213855886 us\n");
  PmCounter counter(tree.root() / "energy", "J");
  EXPECT_EQ(counter.read(), std::nullopt);
  EXPECT_EQ(counter.error(), EINVAL);
}

TEST(PmCounter, OpensAFileThatCameBack) {
  FakeTree tree;
  tree.file("energy", "1 J 1 us\n");
  PmCounter counter(tree.root() / "energy", "J");
  EXPECT_EQ(counter.read(), 1);
  tree.remove("energy");
  EXPECT_EQ(counter.read(), std::nullopt);
  EXPECT_EQ(counter.error(), ENOENT);
  tree.file("energy", "2 J 2 us\n");
  EXPECT_EQ(counter.read(), 2);
}

TEST(ReadOneScan, ReadsAgainWhatWasRenewedMeanwhile) {
  int scan = 7;
  int reads = 0;
  const auto read_all = [&] {
    ++reads;
    scan += reads == 1 ? 1 : 0;
  };
  EXPECT_TRUE(read_one_scan([&] { return scan; }, read_all));
  EXPECT_EQ(reads, 2);
}

TEST(ReadOneScan, GivesUpOnFilesThatChangeAllTheTime) {
  int scan = 7;
  int reads = 0;
  EXPECT_FALSE(read_one_scan([&] { return scan++; }, [&] { ++reads; }));
  EXPECT_EQ(reads, 3);
}

TEST(ReadOneScan, ReadsOnceWhereNothingTellsOfRenewals) {
  int reads = 0;
  EXPECT_TRUE(read_one_scan([] { return std::nullopt; }, [&] { ++reads; }));
  EXPECT_EQ(reads, 1);
}

}  // namespace
}  // namespace gradwatt
