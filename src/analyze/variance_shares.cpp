#include "analyze/variance_shares.h"

#include "base/expects.h"

#include <Eigen/Dense>

#include <algorithm>
#include <unordered_map>
#include <vector>

namespace gradwatt {
namespace {

constexpr double kRounding = 1e-9;

struct Fit {
  double residual_squares = 0;
  Eigen::Index rank = 0;
};

/// The columns of a table that are not 0 in a row: the constant's, and that of each axis's value.
class RowColumns {
 public:
  RowColumns(std::span<const GridNumber> numbers, std::optional<std::size_t> without)
      : columns_(numbers.front().place.size()) {
    for (std::size_t axis = 0; axis < columns_.size(); ++axis) {
      for (const GridNumber& number : numbers) {
        if (axis != without && columns_[axis].emplace(number.place[axis], count_).second) {
          ++count_;
        }
      }
    }
  }

  [[nodiscard]] Eigen::Index count() const { return count_; }

  [[nodiscard]] std::vector<Eigen::Index> of(const GridNumber& number) const {
    std::vector<Eigen::Index> columns{0};
    for (std::size_t axis = 0; axis < columns_.size(); ++axis) {
      if (!columns_[axis].empty()) {
        columns.push_back(columns_[axis].at(number.place[axis]));
      }
    }
    return columns;
  }

 private:
  std::vector<std::unordered_map<std::size_t, Eigen::Index>> columns_;  ///< By value, per axis.
  Eigen::Index count_ = 1;
};

/// Least squares with a constant and an indicator for every value of every axis but `without`.
///
/// By the normal equations: they hold whole numbers, counts of runs, and have as many rows as the
/// axes have values, where the table has one for each of what may be ten thousand setups.
/// The indicators of an axis add up to the constant; the pivoting decomposition drops the surplus.
Fit fit_additive(std::span<const GridNumber> numbers, std::optional<std::size_t> without) {
  const RowColumns columns(numbers, without);
  Eigen::MatrixXd counts = Eigen::MatrixXd::Zero(columns.count(), columns.count());
  Eigen::VectorXd sums = Eigen::VectorXd::Zero(columns.count());
  for (const GridNumber& number : numbers) {
    const auto row = columns.of(number);
    for (const Eigen::Index i : row) {
      sums(i) += number.value;
      for (const Eigen::Index j : row) {
        counts(i, j) += 1;
      }
    }
  }
  const Eigen::ColPivHouseholderQR<Eigen::MatrixXd> decomposition(counts);
  const Eigen::VectorXd solution = decomposition.solve(sums);
  Fit fit{0, decomposition.rank()};
  for (const GridNumber& number : numbers) {
    double residual = number.value;
    for (const Eigen::Index i : columns.of(number)) {
      residual -= solution(i);
    }
    fit.residual_squares += residual * residual;
  }
  return fit;
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
  // Logarithms of equal numbers differ by rounding, which no axis explains.
  if (total <= kRounding * static_cast<double>(numbers.size()) ||
      full.rank >= static_cast<Eigen::Index>(numbers.size())) {
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
