#include "analyze/variance_inflation.h"

#include "base/expects.h"

#include <Eigen/Dense>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

constexpr double kInflationMax = 10;
constexpr double kLeastVariation = 0.02;
constexpr double kExact = 1e-12;

Eigen::VectorXd vector_of(const std::vector<double>& column) {
  return Eigen::Map<const Eigen::VectorXd>(column.data(), static_cast<Eigen::Index>(column.size()));
}

double squares_around_mean(const Eigen::VectorXd& values) {
  return (values.array() - values.mean()).square().sum();
}

/// How strongly two columns vary together, 0 to 1.
double correlation(const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
  const double both = squares_around_mean(a) * squares_around_mean(b);
  const double product = ((a.array() - a.mean()) * (b.array() - b.mean())).sum();
  return both > 0 ? std::abs(product) / std::sqrt(both) : 0;
}

}  // namespace

std::optional<double> variance_inflation(std::span<const std::vector<double>> columns,
                                         std::size_t column) {
  expects(column < columns.size(), "one of the columns");
  const Eigen::VectorXd values = vector_of(columns[column]);
  const double total = squares_around_mean(values);
  if (total <= kExact * values.squaredNorm()) {
    return std::nullopt;
  }
  if (columns.size() == 1) {
    return 1;
  }
  Eigen::MatrixXd others(values.size(), static_cast<Eigen::Index>(columns.size()) - 1);
  Eigen::Index place = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i != column) {
      const Eigen::VectorXd one = vector_of(columns[i]);
      others.col(place++) = one / std::max(one.norm(), kExact);
    }
  }
  const Eigen::VectorXd explained = others * others.colPivHouseholderQr().solve(values);
  const double left = (values - explained).squaredNorm();
  return left <= kExact * total ? std::nullopt : std::optional(std::max(1.0, total / left));
}

std::optional<std::string> why_not_told_apart(std::span<const std::vector<double>> columns,
                                              std::span<const std::string> names) {
  expects(columns.size() == names.size() && columns.size() > 1, "a name for each column");
  const std::size_t last = columns.size() - 1;
  const Eigen::VectorXd values = vector_of(columns[last]);
  const double variation =
      std::sqrt(squares_around_mean(values) / static_cast<double>(values.size()));
  if (variation < kLeastVariation * std::abs(values.mean())) {
    return fmt::format("it hardly varies, so it cannot be told from '{}'", names.front());
  }
  const auto inflation = variance_inflation(columns, last);
  if (inflation && *inflation <= kInflationMax) {
    return std::nullopt;
  }
  std::size_t alike = 0;
  double most = -1;
  for (std::size_t i = 1; i < last; ++i) {
    const double together = correlation(values, vector_of(columns[i]));
    if (together > most) {
      most = together;
      alike = i;
    }
  }
  return fmt::format("it varies together with '{}' (variance inflation {})",
                     names[alike],
                     inflation ? fmt::format("{:.0f}", *inflation) : "without bound");
}

}  // namespace gradwatt
