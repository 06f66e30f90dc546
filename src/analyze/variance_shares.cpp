#include "analyze/variance_shares.h"

#include "base/expects.h"

#include <Eigen/Dense>

#include <algorithm>
#include <set>

namespace gradwatt {
namespace {

constexpr double kRounding = 1e-9;

struct Fit {
  double residual_squares = 0;
  Eigen::Index rank = 0;
};

/// Least squares with a constant and an indicator for every value of every axis but `without`.
/// The indicators of an axis add up to the constant; the pivoting decomposition drops the surplus.
Fit fit_additive(std::span<const GridNumber> numbers, std::optional<std::size_t> without) {
  const auto rows = static_cast<Eigen::Index>(numbers.size());
  std::vector<std::pair<std::size_t, std::size_t>> columns;
  for (std::size_t axis = 0; axis < numbers.front().place.size(); ++axis) {
    std::set<std::size_t> levels;
    for (const GridNumber& number : numbers) {
      levels.insert(number.place[axis]);
    }
    for (const std::size_t level : levels) {
      if (axis != without) {
        columns.emplace_back(axis, level);
      }
    }
  }
  Eigen::MatrixXd design(rows, static_cast<Eigen::Index>(columns.size()) + 1);
  Eigen::VectorXd values(rows);
  for (Eigen::Index row = 0; row < rows; ++row) {
    const GridNumber& number = numbers[static_cast<std::size_t>(row)];
    values(row) = number.value;
    design(row, 0) = 1;
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const auto& [axis, level] = columns[c];
      design(row, static_cast<Eigen::Index>(c) + 1) = number.place[axis] == level ? 1 : 0;
    }
  }
  const Eigen::ColPivHouseholderQR<Eigen::MatrixXd> decomposition(design);
  const Eigen::VectorXd residual = values - design * decomposition.solve(values);
  return {residual.squaredNorm(), decomposition.rank()};
}

}  // namespace

std::optional<std::vector<double>> variance_shares(std::span<const GridNumber> numbers) {
  if (numbers.size() < 2) {
    return std::nullopt;
  }
  const std::size_t axes = numbers.front().place.size();
  double mean = 0;
  for (const GridNumber& number : numbers) {
    expects(number.place.size() == axes, "one index per axis");
    mean += number.value / static_cast<double>(numbers.size());
  }
  double total = 0;
  for (const GridNumber& number : numbers) {
    total += (number.value - mean) * (number.value - mean);
  }
  const Fit full = fit_additive(numbers, std::nullopt);
  if (total <= 0 || full.rank >= static_cast<Eigen::Index>(numbers.size())) {
    return std::nullopt;
  }
  std::vector<double> gained;
  double explained_or_left = full.residual_squares;
  for (std::size_t axis = 0; axis < axes; ++axis) {
    const double more = fit_additive(numbers, axis).residual_squares - full.residual_squares;
    gained.push_back(std::max(0.0, more));
    explained_or_left += gained.back();
  }
  if (explained_or_left < kRounding * total) {
    return std::nullopt;  // The holes lie so that no axis can be told from another.
  }
  std::vector<double> shares;
  for (const double share : gained) {
    shares.push_back(share / explained_or_left);
  }
  return shares;
}

}  // namespace gradwatt
