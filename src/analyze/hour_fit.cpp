#include "analyze/hour_fit.h"

#include <Eigen/Dense>
#include <boost/math/distributions/students_t.hpp>

#include <cmath>
#include <vector>

namespace gradwatt {
namespace {

struct HourLine {
  Eigen::MatrixXd design;  // H, and 1 with an offset.
  Eigen::VectorXd energy_wh;
  Eigen::VectorXd found;
};

/// nullopt when the hours do not differ enough for so many coefficients.
std::optional<HourLine> solved_line(std::span<const ParallelTraining> rows,
                                    bool with_offset,
                                    std::optional<std::size_t> without) {
  const auto n = static_cast<Eigen::Index>(rows.size()) - (without ? 1 : 0);
  const Eigen::Index columns = with_offset ? 2 : 1;
  if (n < columns) {
    return std::nullopt;
  }
  HourLine line{Eigen::MatrixXd::Ones(n, columns), Eigen::VectorXd(n), {}};
  Eigen::Index at = 0;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (row != without) {
      line.design(at, 0) = device_hours(rows[row]);
      line.energy_wh(at++) = rows[row].energy_j / kSecondsPerHour;
    }
  }
  constexpr double kDiffer = 1e-3;
  if (with_offset &&
      line.design.col(0).maxCoeff() < (1 + kDiffer) * line.design.col(0).minCoeff()) {
    return std::nullopt;
  }
  line.found = line.design.colPivHouseholderQr().solve(line.energy_wh);
  return line;
}

/// The coefficients' deviations by HC3; empty without a row to spare.
std::vector<double> deviations_of(const HourLine& line) {
  const Eigen::Index columns = line.design.cols();
  if (line.design.rows() <= columns) {
    return {};
  }
  const Eigen::MatrixXd inverse = (line.design.transpose() * line.design)
                                      .ldlt()
                                      .solve(Eigen::MatrixXd::Identity(columns, columns));
  Eigen::MatrixXd middle = Eigen::MatrixXd::Zero(columns, columns);
  for (Eigen::Index row = 0; row < line.design.rows(); ++row) {
    const Eigen::VectorXd x = line.design.row(row).transpose();
    constexpr double kLeastSpare = 1e-6;
    const double spare = std::max(kLeastSpare, 1 - x.dot(inverse * x));
    const double residual = (line.energy_wh(row) - x.dot(line.found)) / spare;
    middle += residual * residual * x * x.transpose();
  }
  const Eigen::MatrixXd covariance = inverse * middle * inverse;
  std::vector<double> deviations;
  for (Eigen::Index i = 0; i < columns; ++i) {
    deviations.push_back(std::sqrt(std::max(0.0, covariance(i, i))));
  }
  return deviations;
}

}  // namespace

double HourFit::energy_j(double device_hours) const {
  return power_w * device_hours * kSecondsPerHour + offset_j.value_or(0);
}

std::optional<HourFit> fit_hours(std::span<const ParallelTraining> rows, bool with_offset) {
  const auto line = solved_line(rows, with_offset, std::nullopt);
  if (!line) {
    return std::nullopt;
  }
  HourFit fit;
  fit.power_w = line->found(0);
  if (with_offset) {
    fit.offset_j = line->found(1) * kSecondsPerHour;
  }
  if (const auto deviations = deviations_of(*line); !deviations.empty()) {
    const boost::math::students_t student(
        static_cast<double>(line->design.rows() - line->design.cols()));
    const double t = boost::math::quantile(boost::math::complement(student, kUpperTail));
    fit.power_interval = Interval{fit.power_w - t * deviations[0], fit.power_w + t * deviations[0]};
    if (with_offset) {
      const double half = t * deviations[1] * kSecondsPerHour;
      fit.offset_interval = Interval{*fit.offset_j - half, *fit.offset_j + half};
    }
  }
  std::vector<double> model;
  std::vector<double> measured;
  for (const ParallelTraining& row : rows) {
    model.push_back(fit.energy_j(device_hours(row)));
    measured.push_back(row.energy_j);
  }
  const auto given = [&](std::size_t row) -> std::optional<double> {
    const auto others = solved_line(rows, with_offset, row);
    if (!others) {
      return std::nullopt;
    }
    const double offset = with_offset ? others->found(1) : 0;
    return (others->found(0) * device_hours(rows[row]) + offset) * kSecondsPerHour;
  };
  fit.quality = fit_quality(model, measured, with_offset ? 2 : 1, given);
  return fit;
}

}  // namespace gradwatt
