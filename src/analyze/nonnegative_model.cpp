#include "analyze/nonnegative_model.h"

#include <Eigen/Dense>
#include <boost/math/distributions/students_t.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace gradwatt {
namespace {

/// (X'X)⁻¹ of some columns; they are scaled to the same length meanwhile. Empty: there is none.
std::vector<std::vector<double>> inverse_of(std::span<const FitRow> rows,
                                            const std::vector<std::size_t>& columns) {
  const auto n = static_cast<Eigen::Index>(columns.size());
  Eigen::MatrixXd design(static_cast<Eigen::Index>(rows.size()), n);
  for (Eigen::Index row = 0; row < design.rows(); ++row) {
    for (Eigen::Index column = 0; column < n; ++column) {
      design(row, column) =
          rows[static_cast<std::size_t>(row)].inputs[columns[static_cast<std::size_t>(column)]];
    }
  }
  const Eigen::VectorXd length = design.colwise().norm();
  if (design.rows() < n || length.minCoeff() <= 0) {
    return {};
  }
  design = design * length.cwiseInverse().asDiagonal();
  const Eigen::FullPivLU<Eigen::MatrixXd> square(design.transpose() * design);
  if (!square.isInvertible()) {
    return {};
  }
  const Eigen::MatrixXd inverse = square.inverse();
  std::vector<std::vector<double>> result(columns.size(), std::vector<double>(columns.size()));
  for (Eigen::Index i = 0; i < n; ++i) {
    for (Eigen::Index j = 0; j < n; ++j) {
      result[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)] =
          inverse(i, j) / length(i) / length(j);
    }
  }
  return result;
}

}  // namespace

NonnegativeModel::NonnegativeModel(std::span<const FitRow> rows)
    : coefficients_(nonnegative_fit(rows)) {
  for (std::size_t i = 0; i < coefficients_.size(); ++i) {
    if (coefficients_[i] > 0) {
      above_.push_back(i);
    }
  }
  if (rows.size() <= above_.size() || above_.empty()) {
    return;
  }
  inverse_ = inverse_of(rows, above_);
  if (inverse_.empty()) {
    return;
  }
  double left = 0;
  for (const FitRow& row : rows) {
    left += std::pow(value(row.inputs) - row.value, 2);
  }
  const auto spare = static_cast<double>(rows.size() - above_.size());
  const boost::math::students_t student(spare);
  const double t = boost::math::quantile(boost::math::complement(student, kUpperTail));
  deviation_ = t * std::sqrt(left / spare);
  std::vector<std::size_t> all(coefficients_.size());
  std::iota(all.begin(), all.end(), 0U);
  all_inverse_ = inverse_of(rows, all);
}

double NonnegativeModel::value(std::span<const double> inputs) const {
  double sum = 0;
  for (std::size_t i = 0; i < coefficients_.size(); ++i) {
    sum += coefficients_[i] * inputs[i];
  }
  return sum;
}

std::optional<Interval> NonnegativeModel::interval(std::size_t coefficient) const {
  const auto found = std::find(above_.begin(), above_.end(), coefficient);
  if (!deviation_ || found == above_.end()) {
    return std::nullopt;
  }
  const auto place = static_cast<std::size_t>(found - above_.begin());
  const double half = *deviation_ * std::sqrt(inverse_[place][place]);
  const double middle = coefficients_[coefficient];
  return Interval{std::max(0.0, middle - half), middle + half};
}

std::optional<double> NonnegativeModel::half_width(std::span<const double> inputs) const {
  if (!deviation_) {
    return std::nullopt;
  }
  double leverage = 0;
  for (std::size_t i = 0; i < all_inverse_.size(); ++i) {
    for (std::size_t j = 0; j < all_inverse_.size(); ++j) {
      leverage += inputs[i] * all_inverse_[i][j] * inputs[j];
    }
  }
  if (all_inverse_.empty()) {
    for (std::size_t i = 0; i < above_.size(); ++i) {
      for (std::size_t j = 0; j < above_.size(); ++j) {
        leverage += inputs[above_[i]] * inverse_[i][j] * inputs[above_[j]];
      }
    }
  }
  return *deviation_ * std::sqrt(1 + leverage);
}

}  // namespace gradwatt
