#include "analyze/variance_shares.h"

#include "analyze/study1_table_test.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

namespace gradwatt {
namespace {

std::vector<GridNumber> log_energies(const std::vector<RunRow>& runs) {
  std::map<std::string, std::size_t> rows;
  std::map<std::string, std::size_t> columns;
  std::vector<GridNumber> numbers;
  for (const RunRow& run : runs) {
    const auto row = rows.emplace(run.factors[0].second, rows.size()).first->second;
    const auto column = columns.emplace(run.factors[1].second, columns.size()).first->second;
    numbers.push_back({{row, column}, std::log(run.epochs.front().energy_j.value())});
  }
  return numbers;
}

void expect_shares_percent(const char* dataset, const char* device, double batch, double lr) {
  const auto shares = variance_shares(log_energies(study1_table2(dataset, device)));
  ASSERT_TRUE(shares.has_value());
  EXPECT_NEAR(100 * shares->at(0), batch, 0.05) << dataset << ' ' << device;
  EXPECT_NEAR(100 * shares->at(1), lr, 0.05) << dataset << ' ' << device;
}

TEST(VarianceShares, AreThoseOfStudy1) {
  expect_shares_percent("pamap2", "cuda", 99.8, 0.1);
  expect_shares_percent("celeba", "cuda", 96.1, 3.5);
  expect_shares_percent("pamap2", "mps", 86.4, 3.5);
  expect_shares_percent("celeba", "mps", 96.5, 1.8);
}

TEST(VarianceShares, GiveAnAxisThatActsAloneEverythingInSpiteOfAHole) {
  std::vector<GridNumber> numbers;
  for (std::size_t row = 0; row < 3; ++row) {
    for (std::size_t column = 0; column < 3; ++column) {
      if (row != 1 || column != 2) {
        numbers.push_back({{row, column}, static_cast<double>(10 * row)});
      }
    }
  }
  const auto shares = variance_shares(numbers);
  ASSERT_TRUE(shares.has_value());
  EXPECT_NEAR(shares->at(0), 1, 1e-9);
  EXPECT_NEAR(shares->at(1), 0, 1e-9);
}

TEST(VarianceShares, AreUnknownWhenTheHolesMixTheAxes) {
  const std::vector<GridNumber> diagonal{{{0, 0}, 1}, {{1, 1}, 2}, {{2, 2}, 3}};
  EXPECT_FALSE(variance_shares(diagonal).has_value());
}

TEST(VarianceShares, AreUnknownWithoutAFreeNumber) {
  EXPECT_FALSE(variance_shares(std::vector<GridNumber>{{{0, 0}, 1}, {{0, 1}, 2}}).has_value());
  EXPECT_FALSE(variance_shares({}).has_value());
}

TEST(VarianceShares, AreUnknownWhenNothingVaries) {
  const std::vector<GridNumber> equal{{{0, 0}, 1}, {{0, 1}, 1}, {{1, 0}, 1}, {{1, 1}, 1}};
  EXPECT_FALSE(variance_shares(equal).has_value());
}

}  // namespace
}  // namespace gradwatt
