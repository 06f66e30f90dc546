#include "trace/state_summary.h"

#include <gtest/gtest.h>

#include <vector>

namespace gradwatt {
namespace {

TEST(StateSummary, HoldsEachValueUntilTheNext) {
  const Instant begin{1'000'000'000};
  const std::vector<StateRow> rows{
      {0, begin, "GPU-1", "temperature_c", 60},
      {0, begin, "GPU-1", "power_limit_w", 700},
      {0, begin + from_seconds(9), "GPU-1", "temperature_c", 70},
  };
  const auto summaries = state_summaries(rows, begin + from_seconds(10));
  const StateSummary& temperature = summaries.at("GPU-1").at("temperature_c");
  EXPECT_DOUBLE_EQ(temperature.mean, 61);
  EXPECT_DOUBLE_EQ(temperature.most, 70);
  EXPECT_DOUBLE_EQ(temperature.least, 60);
  EXPECT_DOUBLE_EQ(summaries.at("GPU-1").at("power_limit_w").mean, 700);
  EXPECT_TRUE(state_summaries({}, begin).empty());
}

TEST(StateSummary, OfAValueKnownOnlyAtTheEndIsThatValue) {
  const std::vector<StateRow> rows{{0, Instant{5}, "GPU-1", "temperature_c", 60}};
  EXPECT_DOUBLE_EQ(state_summaries(rows, Instant{5}).at("GPU-1").at("temperature_c").mean, 60);
}

}  // namespace
}  // namespace gradwatt
