#include "experiment/point_key.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

SweepFile file_of(const std::string& text) { return parse_sweep_file(text, "f.toml"); }

const std::vector<Factor> kCell{{"a", "1"}, {"b", "2e-1"}};
constexpr const char* kBase =
    "[sweep]\nname='s'\ncommand=['t','{a}','{b}']\n[axes]\na=[1]\nb=[2e-1]\n[fixed]\nc=3\nd=4\n";

TEST(Fnv1a128, GivesThePublishedHashes) {
  EXPECT_EQ(fnv1a_128(""), "6c62272e07bb014262b821756295c58d");
  EXPECT_EQ(fnv1a_128("a"), "d228cb696f1a8caf78912b704e4a8964");
  EXPECT_EQ(fnv1a_128("foobar"), "343e1662793c64bf6f0d3597ba446f18");
}

TEST(PointKey, StaysWhenTheFileIsRearrangedOrExtended) {
  const std::string key = point_key(file_of(kBase), kCell, 0);
  const SweepFile moved = file_of(
      "[fixed]\nd=4\nc=3\n[axes]\nb=[2e-1, 3e-1]\na=[1, 9]\n[goal]\nmetric='m'\nreach=1\n"
      "[sweep]\nrepeat=7\nname='other'\norder='random'\nseed=5\ncommand=['t','{a}','{b}']\n");
  EXPECT_EQ(point_key(moved, {{"b", "2e-1"}, {"a", "1"}}, 0), key);
}

TEST(PointKey, ChangesWithWhateverIsRunAndHowItIsSpelt) {
  const std::string key = point_key(file_of(kBase), kCell, 0);
  EXPECT_NE(point_key(file_of(kBase), kCell, 1), key);
  EXPECT_NE(point_key(file_of(kBase), {{"a", "1"}, {"b", "0.2"}}, 0), key);
  std::string other = kBase;
  other.replace(other.find("c=3"), 3, "c=4");
  EXPECT_NE(point_key(file_of(other), kCell, 0), key);
  other = kBase;
  other.replace(other.find("'t'"), 3, "'u'");
  EXPECT_NE(point_key(file_of(other), kCell, 0), key);
}

TEST(PointKey, KeepsEarlierRepeatsWhenPerRepeatValuesAreAdded) {
  std::string two = kBase;
  two.replace(two.find("c=3"), 3, "c={per_repeat=[7, 8]}");
  std::string three = kBase;
  three.replace(three.find("c=3"), 3, "c={per_repeat=[7, 8, 9]}");
  EXPECT_EQ(point_key(file_of(two), kCell, 1), point_key(file_of(three), kCell, 1));
}

}  // namespace
}  // namespace gradwatt
