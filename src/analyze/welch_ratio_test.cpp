#include "analyze/welch_ratio.h"

#include "analyze/study1_table_test.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

std::vector<double> energies_at_batch(const std::vector<RunRow>& runs, const std::string& batch) {
  std::vector<double> energies;
  for (const RunRow& run : runs) {
    if (run.factors[0].second == batch) {
      energies.push_back(run.epochs.front().energy_j.value());
    }
  }
  return energies;
}

TEST(WelchRatio, OfBatch1024To64IsThatOfStudy1) {
  const auto runs = study1_table2("pamap2", "cuda");
  const Ratio ratio = welch_ratio(energies_at_batch(runs, "1024"), energies_at_batch(runs, "64"));
  EXPECT_NEAR(100 * (ratio.value - 1), -71.7, 0.05);
  EXPECT_NEAR(100 * (ratio.interval.value().lo - 1), -72.2, 0.05);
  EXPECT_NEAR(100 * (ratio.interval.value().hi - 1), -71.1, 0.06);
  EXPECT_LT(ratio.p_value.value(), 1e-5);
}

TEST(WelchRatio, PointsTheOtherWayOnCelebA) {
  const auto runs = study1_table2("celeba", "cuda");
  const Ratio ratio = welch_ratio(energies_at_batch(runs, "1024"), energies_at_batch(runs, "64"));
  EXPECT_NEAR(100 * (ratio.value - 1), 13.1, 0.05);
  EXPECT_NEAR(100 * (ratio.interval.value().lo - 1), 10.6, 0.06);
  EXPECT_NEAR(100 * (ratio.interval.value().hi - 1), 15.6, 0.06);
}

TEST(WelchRatio, OfExchangedSidesIsTheInverse) {
  const std::vector a{90.0, 100.0, 111.0};
  const std::vector b{130.0, 128.0, 150.0};
  const Ratio forth = welch_ratio(a, b);
  const Ratio back = welch_ratio(b, a);
  EXPECT_NEAR(forth.value * back.value, 1, 1e-12);
  EXPECT_NEAR(forth.interval.value().lo * back.interval.value().hi, 1, 1e-12);
  EXPECT_NEAR(forth.p_value.value(), back.p_value.value(), 1e-12);
}

TEST(WelchRatio, HasNoIntervalWithOneRunOnASide) {
  const Ratio ratio = welch_ratio(std::vector{90.0}, std::vector{100.0, 110.0});
  EXPECT_FALSE(ratio.interval.has_value());
  EXPECT_FALSE(ratio.p_value.has_value());
}

TEST(WelchRatio, HasNoIntervalWhenNothingScatters) {
  const Ratio ratio = welch_ratio(std::vector{90.0, 90.0}, std::vector{100.0, 100.0});
  EXPECT_DOUBLE_EQ(ratio.value, 0.9);
  EXPECT_FALSE(ratio.interval.has_value());
}

}  // namespace
}  // namespace gradwatt
