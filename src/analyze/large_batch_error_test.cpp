#include "analyze/large_batch_error.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

TEST(LargeBatchError, IsTheCitedCurve) {
  EXPECT_NEAR(large_batch_error(8192), 0.2374, 1e-12);
  EXPECT_NEAR(large_batch_error(16384), 0.2479, 1e-12);
  EXPECT_NEAR(large_batch_error(65536), 0.3396, 1e-12);
  EXPECT_NEAR(large_batch_error(64), 0.2360, 1e-12);
  EXPECT_NEAR(large_batch_error(1e6), 0.3396, 1e-12);
  EXPECT_NEAR(large_batch_error(23170.475), (0.2479 + 0.2755) / 2, 1e-6) << "half way in logs";
}

}  // namespace
}  // namespace gradwatt
