#include "analyze/nonnegative_fit.h"

#include "base/expects.h"

#include <Eigen/Dense>

#include <algorithm>

namespace gradwatt {
namespace {

constexpr double kNoGradient = 1e-10;  // Relative to the size of the values.

/// Least squares with the columns in `free` alone; the other coefficients are 0.
Eigen::VectorXd solved_with(const Eigen::MatrixXd& design,
                            const Eigen::VectorXd& values,
                            const std::vector<Eigen::Index>& free) {
  Eigen::VectorXd solution = Eigen::VectorXd::Zero(design.cols());
  if (free.empty()) {
    return solution;
  }
  Eigen::MatrixXd part(design.rows(), static_cast<Eigen::Index>(free.size()));
  for (std::size_t i = 0; i < free.size(); ++i) {
    part.col(static_cast<Eigen::Index>(i)) = design.col(free[i]);
  }
  const Eigen::VectorXd found = part.colPivHouseholderQr().solve(values);
  for (std::size_t i = 0; i < free.size(); ++i) {
    solution(free[i]) = found(static_cast<Eigen::Index>(i));
  }
  return solution;
}

/// Goes from `from`, which has no negative coefficient, towards the unbounded solution as far as
/// none becomes negative, and takes out of `free` what arrives at 0, until the solution is reached.
Eigen::VectorXd bounded_step(const Eigen::MatrixXd& design,
                             const Eigen::VectorXd& values,
                             std::vector<Eigen::Index>& free,
                             Eigen::VectorXd from) {
  while (true) {
    Eigen::VectorXd target = solved_with(design, values, free);
    const auto part_of_way = [&](Eigen::Index column) {
      return target(column) > 0 ? 1.0 : from(column) / (from(column) - target(column));
    };
    double share = 1;
    for (const Eigen::Index column : free) {
      share = std::min(share, part_of_way(column));
    }
    if (share >= 1) {
      return target;
    }
    const Eigen::VectorXd start = from;
    from += share * (target - start);
    std::vector<Eigen::Index> still_free;
    for (const Eigen::Index column : free) {
      const bool arrived =
          target(column) <= 0 && start(column) <= share * (start(column) - target(column));
      if (arrived) {
        from(column) = 0;
      } else {
        still_free.push_back(column);
      }
    }
    free = std::move(still_free);
  }
}

}  // namespace

std::vector<double> nonnegative_fit(std::span<const FitRow> rows) {
  expects(!rows.empty(), "something to fit");
  const auto columns = static_cast<Eigen::Index>(rows.front().inputs.size());
  Eigen::MatrixXd design(static_cast<Eigen::Index>(rows.size()), columns);
  Eigen::VectorXd values(design.rows());
  for (Eigen::Index row = 0; row < design.rows(); ++row) {
    const FitRow& from = rows[static_cast<std::size_t>(row)];
    expects(from.inputs.size() == static_cast<std::size_t>(columns), "as many inputs in each row");
    values(row) = from.value;
    for (Eigen::Index column = 0; column < columns; ++column) {
      design(row, column) = from.inputs[static_cast<std::size_t>(column)];
    }
  }
  Eigen::VectorXd scale = design.colwise().norm();
  scale = scale.unaryExpr([](double length) { return length > 0 ? length : 1; });
  design = design * scale.cwiseInverse().asDiagonal();

  std::vector<Eigen::Index> free;
  Eigen::VectorXd solution = Eigen::VectorXd::Zero(columns);
  for (Eigen::Index tries = 0; tries < 3 * columns; ++tries) {
    Eigen::VectorXd gradient = design.transpose() * (values - design * solution);
    for (const Eigen::Index column : free) {
      gradient(column) = 0;
    }
    Eigen::Index best = 0;
    if (columns == 0 || gradient.maxCoeff(&best) <= kNoGradient * values.norm()) {
      break;
    }
    free.push_back(best);
    solution = bounded_step(design, values, free, solution);
  }
  solution = solution.cwiseQuotient(scale);
  return {solution.data(), solution.data() + solution.size()};
}

}  // namespace gradwatt
