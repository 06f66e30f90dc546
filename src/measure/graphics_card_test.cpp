#include "measure/graphics_card.h"

#include "measure/graphics_tree_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using testing::IsEmpty;

TEST(GraphicsCards, AreListedOnceEachByNumberWithoutConnectors) {
  FakeTree tree;
  EXPECT_THAT(graphics_cards(tree.root()), IsEmpty());
  add_card(tree, 10, "0000:0a:00.0", kAmd, "0x740c");
  add_card(tree, 2, "0000:02:00.0", kIntel);
  // A second node of the same card, as some drivers make for partitions.
  std::filesystem::create_directory_symlink("card10", tree.root() / "sys/class/drm/card11");
  const auto cards = graphics_cards(tree.root());
  ASSERT_EQ(cards.size(), 2U);
  EXPECT_EQ(cards[0].address, "0000:02:00.0");
  EXPECT_EQ(cards[0].vendor, kIntel);
  EXPECT_EQ(cards[1].model, "0x740c");
  EXPECT_FALSE(cards[1].asleep);
}

TEST(PciGpus, AreThoseOfOneMakerByAddress) {
  FakeTree tree;
  EXPECT_THAT(pci_gpus(tree.root(), kNvidia), IsEmpty());
  add_card(tree, 1, "0000:0b:00.0", kNvidia);
  add_card(tree, 0, "0000:0a:00.0", kNvidia);
  add_card(tree, 2, "0000:02:00.0", kAmd);
  const auto gpus = pci_gpus(tree.root(), kNvidia);
  ASSERT_EQ(gpus.size(), 2U);
  EXPECT_EQ(gpus[0].address, "0000:0a:00.0");
  EXPECT_FALSE(gpus[0].suspended);
}

TEST(GpuChannelPrefix, LeavesTheShortNameToOneMaker) {
  FakeTree tree;
  EXPECT_EQ(gpu_channel_prefix(tree.root(), kIntel), "gpu");
  add_card(tree, 0, "0000:0a:00.0", kAmd);
  EXPECT_EQ(gpu_channel_prefix(tree.root(), kAmd), "gpu");
  EXPECT_EQ(gpu_channel_prefix(tree.root(), kIntel), "intel-gpu");
  add_card(tree, 1, "0000:0b:00.0", kNvidia);
  EXPECT_EQ(gpu_channel_prefix(tree.root(), kAmd), "amd-gpu");
  EXPECT_EQ(gpu_channel_prefix(tree.root(), kNvidia), "gpu");
}

}  // namespace
}  // namespace gradwatt
