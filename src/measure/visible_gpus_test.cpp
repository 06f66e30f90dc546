#include "measure/visible_gpus.h"

#include <gmock/gmock.h>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// A, B, C in the order in which NVML lists them, which is not that of their addresses.
class VisibleGpusTest : public testing::Test {
 protected:
  std::vector<bool> visible(const char* list, bool in_pci_order = true) {
    return visible_gpus(gpus_, list, in_pci_order).visible;
  }

  std::vector<GpuIdentity> gpus_ = {
      {"GPU-aaaa-1", "NVIDIA A100", "00000000:81:00.0", false, {}},
      {"GPU-aabb-2", "NVIDIA A100", "00000000:3B:00.0", false, {}},
      {"GPU-cccc-3", "NVIDIA T1000", "00000000:C1:00.0", true, {"MIG-one-1", "MIG-one-2"}},
  };
};

TEST_F(VisibleGpusTest, AreAllWithoutAList) {
  const VisibleGpus all = visible_gpus(gpus_, std::nullopt, false);
  EXPECT_THAT(all.visible, ElementsAre(true, true, true));
  EXPECT_EQ(all.rule, "");
  EXPECT_TRUE(all.order_is_sure);
}

TEST_F(VisibleGpusTest, AreNoneForAnEmptyList) {
  EXPECT_THAT(visible(""), ElementsAre(false, false, false));
  EXPECT_THAT(visible("-1"), ElementsAre(false, false, false));
  EXPECT_THAT(visible("NoDevFiles"), ElementsAre(false, false, false));
}

TEST_F(VisibleGpusTest, CountIndicesInTheOrderOfTheBus) {
  EXPECT_THAT(visible("0"), ElementsAre(false, true, false));
  EXPECT_THAT(visible(" 2 , 1 "), ElementsAre(true, false, true));
}

TEST_F(VisibleGpusTest, EndTheListAtAnEntryThatNamesNothing) {
  EXPECT_THAT(visible("0,2,-1,1"), ElementsAre(false, true, true));
  EXPECT_THAT(visible("1,7,0"), ElementsAre(true, false, false));
  EXPECT_THAT(visible("1,,0"), ElementsAre(true, false, false));
  EXPECT_THAT(visible("GPU-aaaa,GPU-nope,GPU-cccc"), ElementsAre(true, false, false));
  EXPECT_THAT(visible("GPU-aaaa,0"), ElementsAre(true, false, false));
}

TEST_F(VisibleGpusTest, TakeTheBeginningOfAUuidIfItIsClear) {
  EXPECT_THAT(visible("GPU-cccc,GPU-aabb-2"), ElementsAre(false, true, true));
  EXPECT_THAT(visible("GPU-aa"), ElementsAre(false, false, false));
}

TEST_F(VisibleGpusTest, AreNoneWhenOneIsNamedTwice) {
  EXPECT_THAT(visible("0,1,0"), ElementsAre(false, false, false));
  EXPECT_THAT(visible("GPU-aaaa,GPU-aaaa-1"), ElementsAre(false, false, false));
}

TEST_F(VisibleGpusTest, KnowTheBoardOfAMigSlice) {
  EXPECT_THAT(visible("MIG-one-2"), ElementsAre(false, false, true));
  EXPECT_THAT(visible("MIG-one-1,MIG-one-2"), ElementsAre(false, false, true));
  EXPECT_THAT(visible("MIG-one"), ElementsAre(false, false, false));
  EXPECT_THAT(visible("MIG-GPU-cccc-3/1/0"), ElementsAre(false, false, true));
}

TEST_F(VisibleGpusTest, SayWhenCudaMayCountInAnotherOrder) {
  EXPECT_FALSE(visible_gpus(gpus_, "0", false).order_is_sure);
  EXPECT_TRUE(visible_gpus(gpus_, "0", true).order_is_sure);
  EXPECT_TRUE(visible_gpus(gpus_, "0,1,2", false).order_is_sure);
  EXPECT_TRUE(visible_gpus(gpus_, "GPU-aaaa", false).order_is_sure);
  gpus_.pop_back();
  EXPECT_TRUE(visible_gpus(gpus_, "0", false).order_is_sure);
  EXPECT_THAT(visible_gpus(gpus_, "0", false).rule, HasSubstr("indices in PCI bus order"));
}

}  // namespace
}  // namespace gradwatt
