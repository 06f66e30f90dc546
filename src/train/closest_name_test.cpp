#include "train/closest_name.h"

#include <gtest/gtest.h>

#include <vector>

namespace gradwatt {
namespace {

TEST(ClosestName, ForgivesATypingError) {
  const std::vector<std::string> names{"--batch", "--lr", "--patience"};
  EXPECT_EQ(closest_name("--bacth", names), "--batch");
  EXPECT_EQ(closest_name("--patiense", names), "--patience");
}

TEST(ClosestName, GuessesNothingWhenNothingIsClose) {
  const std::vector<std::string> names{"fashion-classify"};
  EXPECT_EQ(closest_name("resnet", names), std::nullopt);
  EXPECT_EQ(closest_name("x", names), std::nullopt);
}

}  // namespace
}  // namespace gradwatt
