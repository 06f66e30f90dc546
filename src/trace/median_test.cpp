#include "trace/median.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

TEST(Median, IsTheMiddleOne) {
  EXPECT_EQ(median_of({7}), 7);
  EXPECT_EQ(median_of({9, 1, 5}), 5);
  EXPECT_EQ(median_of({4, 1, 3, 2}), 3) << "the upper one of two";
}

}  // namespace
}  // namespace gradwatt
