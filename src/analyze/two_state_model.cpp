#include "analyze/two_state_model.h"

#include "base/expects.h"

#include <boost/math/distributions/students_t.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace gradwatt {
namespace {

constexpr double kNobodyWaits = 0.05;

/// A training beside the reference: y = w x.
struct WaitingPoint {
  double overhead;  // x = 1 / eps - 1.
  double excess;    // y = E_n / E_1 / (samples_n / samples_1) - 1.
};

const ParallelTraining& reference_of(std::span<const ParallelTraining> rows) {
  return *std::min_element(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return a.devices != b.devices ? a.devices < b.devices : device_hours(a) > device_hours(b);
  });
}

std::vector<WaitingPoint> waiting_points(std::span<const ParallelTraining> rows,
                                         const ParallelTraining& reference) {
  std::vector<WaitingPoint> points;
  for (const ParallelTraining& row : rows) {
    if (row.devices > reference.devices) {
      const double samples = row.samples / reference.samples;
      points.push_back({1 / parallel_efficiency(row, reference) - 1,
                        row.energy_j / reference.energy_j / samples - 1});
    }
  }
  return points;
}

std::optional<double> share_of(const std::vector<WaitingPoint>& points) {
  double xx = 0;
  double xy = 0;
  double most = 0;
  for (const WaitingPoint& point : points) {
    xx += point.overhead * point.overhead;
    xy += point.overhead * point.excess;
    most = std::max(most, std::abs(point.overhead));
  }
  return most < kNobodyWaits ? std::nullopt : std::optional(std::max(0.0, xy / xx));
}

std::optional<Interval> share_interval(const std::vector<WaitingPoint>& points, double share) {
  if (points.size() < 2) {
    return std::nullopt;
  }
  double xx = 0;
  double left = 0;
  for (const WaitingPoint& point : points) {
    xx += point.overhead * point.overhead;
    left += std::pow(point.excess - share * point.overhead, 2);
  }
  const auto spare = static_cast<double>(points.size() - 1);
  const boost::math::students_t student(spare);
  const double t = boost::math::quantile(boost::math::complement(student, kUpperTail));
  const double half = t * std::sqrt(left / spare / xx);
  return Interval{std::max(0.0, share - half), share + half};
}

std::optional<double> given_by_others(std::span<const ParallelTraining> rows, std::size_t out) {
  std::vector<ParallelTraining> others(rows.begin(), rows.end());
  others.erase(others.begin() + static_cast<std::ptrdiff_t>(out));
  if (others.empty()) {
    return std::nullopt;
  }
  const ParallelTraining& reference = reference_of(others);
  const auto share = share_of(waiting_points(others, reference));
  return share ? std::optional(two_state_energy_j(rows[out], reference, *share)) : std::nullopt;
}

}  // namespace

double two_state_energy_j(const ParallelTraining& work,
                          const ParallelTraining& reference,
                          double waiting_share) {
  const double overhead = 1 / parallel_efficiency(work, reference) - 1;
  return reference.energy_j * (work.samples / reference.samples) * (1 + waiting_share * overhead);
}

std::optional<TwoStateModel> fit_two_state(std::span<const ParallelTraining> rows) {
  if (rows.size() < 2) {
    return std::nullopt;
  }
  const ParallelTraining& reference = reference_of(rows);
  const std::vector<WaitingPoint> points = waiting_points(rows, reference);
  const auto share = share_of(points);
  if (!share) {
    return std::nullopt;
  }
  TwoStateModel model{reference, *share, share_interval(points, *share), {}};
  std::vector<double> given;
  std::vector<double> measured;
  for (const ParallelTraining& row : rows) {
    given.push_back(two_state_energy_j(row, reference, *share));
    measured.push_back(row.energy_j);
  }
  constexpr int kCoefficients = 2;  // The reference's energy and w.
  model.quality = fit_quality(
      given, measured, kCoefficients, [&](std::size_t row) { return given_by_others(rows, row); });
  return model;
}

std::string why_no_two_states(std::span<const ParallelTraining> rows) {
  const auto more = [&](const auto& row) { return row.devices > rows.front().devices; };
  const auto fewer = [&](const auto& row) { return row.devices < rows.front().devices; };
  const bool one_count =
      std::none_of(rows.begin(), rows.end(), more) && std::none_of(rows.begin(), rows.end(), fewer);
  return one_count ? "it needs the same job on two numbers of GPUs"
                   : "the speed-up is within 5 % of linear everywhere, so nothing shows what a "
                     "waiting GPU draws";
}

}  // namespace gradwatt
