#include "data/sensor_windows.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace gradwatt {
namespace {

TEST(PickWindows, KeepsWindowsWithTheirLabelsAndSmallerChoicesInLargerOnes) {
  SensorWindows all{1, 2, {}, {}};
  for (std::uint8_t i = 0; i < 20; ++i) {
    all.values.insert(all.values.end(), {i + 0.25F, i + 0.5F});
    all.labels.push_back(i);
  }
  const SensorWindows large = pick(all, 10, 3);
  const SensorWindows small = pick(all, 4, 3);
  ASSERT_EQ(small.count(), 4);
  EXPECT_TRUE(std::equal(small.labels.begin(), small.labels.end(), large.labels.begin()));
  for (std::size_t i = 0; i < large.labels.size(); ++i) {
    EXPECT_EQ(large.values[2 * i], static_cast<float>(large.labels[i]) + 0.25F);
  }
}

}  // namespace
}  // namespace gradwatt
