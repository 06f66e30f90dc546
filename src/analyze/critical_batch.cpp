#include "analyze/critical_batch.h"

#include <Eigen/Dense>
#include <boost/math/distributions/students_t.hpp>

#include <cmath>
#include <limits>
#include <set>

namespace gradwatt {
namespace {

constexpr std::size_t kBatchesMin = 3;

bool has_enough_batches(std::span<const BatchPoint> points) {
  std::set<double> batches;
  for (const BatchPoint& point : points) {
    batches.insert(point.batch);
  }
  return batches.size() >= kBatchesMin;
}

struct Line {
  double constant = 0;
  double slope = 0;
  std::optional<double> slope_error;  ///< Absent: as many rows as unknowns, or no scatter.
};

/// Least squares of ((constant + slope * x) - y) / y, with x of a point given by `of`.
template <typename Of>
Line relative_line(std::span<const BatchPoint> points, Of of) {
  const auto rows = static_cast<Eigen::Index>(points.size());
  Eigen::MatrixX2d inputs(rows, 2);
  for (Eigen::Index row = 0; row < rows; ++row) {
    const BatchPoint& point = points[static_cast<std::size_t>(row)];
    inputs.row(row) << 1 / point.value, of(point.batch) / point.value;
  }
  const Eigen::VectorXd ones = Eigen::VectorXd::Ones(rows);
  const Eigen::Vector2d found = inputs.colPivHouseholderQr().solve(ones);
  Line line{found[0], found[1], std::nullopt};
  if (rows > 2) {
    const double variance = (inputs * found - ones).squaredNorm() / static_cast<double>(rows - 2);
    const Eigen::Matrix2d covariance = variance * (inputs.transpose() * inputs).inverse();
    line.slope_error = std::sqrt(std::max(0.0, covariance(1, 1)));
  }
  return line;
}

template <typename Model>
double mean_error_of(std::span<const BatchPoint> points, const Model& model) {
  double sum = 0;
  for (const BatchPoint& point : points) {
    sum += std::abs(model.at(point.batch) - point.value) / point.value;
  }
  return sum / static_cast<double>(points.size());
}

/// The constant with the least relative squared error: sum(1/y) / sum(1/y^2).
double relative_constant(std::span<const BatchPoint> points) {
  double inverse = 0;
  double squared = 0;
  for (const BatchPoint& point : points) {
    inverse += 1 / point.value;
    squared += 1 / (point.value * point.value);
  }
  return inverse / squared;
}

}  // namespace

double EpochsByBatch::at(double batch) const {
  return critical ? epochs_min * (1 + batch / *critical) : epochs_min;
}

std::optional<EpochCostByBatch> epoch_cost_by_batch(std::span<const BatchPoint> points) {
  if (!has_enough_batches(points)) {
    return std::nullopt;
  }
  const auto inverse = [](double batch) { return 1 / batch; };
  const Line line = relative_line(points, inverse);
  EpochCostByBatch cost{line.constant, line.slope, 0, 0};
  if (line.slope < 0) {
    cost = {relative_constant(points), 0, 0, 0};
  } else if (line.constant < 0) {
    // sum over ((b x - y) / y)^2 is least at b = sum(x/y) / sum((x/y)^2).
    double first = 0;
    double second = 0;
    for (const BatchPoint& point : points) {
      const double ratio = inverse(point.batch) / point.value;
      first += ratio;
      second += ratio * ratio;
    }
    cost = {0, first / second, 0, 0};
  }
  cost.half_batch =
      cost.per_epoch > 0 ? cost.per_step / cost.per_epoch : std::numeric_limits<double>::infinity();
  cost.mean_error = mean_error_of(points, cost);
  return cost;
}

std::optional<EpochsByBatch> epochs_by_batch(std::span<const BatchPoint> points) {
  if (!has_enough_batches(points)) {
    return std::nullopt;
  }
  const Line line = relative_line(points, [](double batch) { return batch; });
  EpochsByBatch epochs;
  epochs.epochs_min = line.constant;
  const auto spare = static_cast<double>(points.size()) - 2;
  if (line.slope_error && spare > 0) {
    const boost::math::students_t distribution(spare);
    const double half = *line.slope_error *
                        boost::math::quantile(boost::math::complement(distribution, kUpperTail));
    epochs.slope = Interval{line.slope - half, line.slope + half};
  }
  if (epochs.slope && epochs.slope->lo > 0 && line.constant > 0) {
    epochs.critical = line.constant / line.slope;
  } else {
    epochs.epochs_min = relative_constant(points);
  }
  epochs.mean_error = mean_error_of(points, epochs);
  return epochs;
}

std::optional<double> cheapest_batch(const EpochCostByBatch& cost, const EpochsByBatch& epochs) {
  if (!epochs.critical || !std::isfinite(cost.half_batch) || cost.half_batch <= 0) {
    return std::nullopt;
  }
  return std::sqrt(*epochs.critical * cost.half_batch);
}

}  // namespace gradwatt
