#include "trace/energy_curve.h"

#include "base/expects.h"
#include "trace/median.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace gradwatt {

void EnergyCurve::add(double t_s, double joules) {
  expects(t_s_.empty() || t_s > t_s_.back(), "times that rise");
  t_s_.push_back(t_s);
  joules_.push_back(joules);
}

void EnergyCurve::add_gap(double begin_s, double end_s) {
  const auto place =
      std::upper_bound(gaps_.begin(), gaps_.end(), begin_s, [](double t, const Gap& gap) {
        return t < gap.begin_s;
      });
  gaps_.insert(place, {begin_s, end_s});
}

void EnergyCurve::append(const EnergyCurve& other, double shift_s) {
  if (other.t_s_.empty()) {
    return;
  }
  const double base = joules_.empty() ? 0 : joules_.back() - other.joules_.front();
  if (!t_s_.empty()) {
    add_gap(t_s_.back(), other.t_s_.front() + shift_s);
  }
  for (std::size_t i = 0; i < other.t_s_.size(); ++i) {
    add(other.t_s_[i] + shift_s, base + other.joules_[i]);
  }
  for (const Gap& gap : other.gaps_) {
    add_gap(gap.begin_s + shift_s, gap.end_s + shift_s);
  }
}

double EnergyCurve::median_step_s() const {
  if (empty()) {
    return 0;
  }
  std::vector<double> steps;
  steps.reserve(t_s_.size());
  for (std::size_t i = 1; i < t_s_.size(); ++i) {
    steps.push_back(t_s_[i] - t_s_[i - 1]);
  }
  return median_of(std::move(steps));
}

double EnergyCurve::at(double t_s) const {
  const auto behind = std::lower_bound(t_s_.begin(), t_s_.end(), t_s);
  const auto i = static_cast<std::size_t>(behind - t_s_.begin());
  if (i == 0) {
    return joules_.front();
  }
  const double share = (t_s - t_s_[i - 1]) / (t_s_[i] - t_s_[i - 1]);
  return joules_[i - 1] + share * (joules_[i] - joules_[i - 1]);
}

std::optional<double> EnergyCurve::mean_w(double begin_s, double end_s) const {
  if (empty() || !(end_s > begin_s) || begin_s < t_s_.front() || end_s > t_s_.back()) {
    return std::nullopt;
  }
  for (const Gap& gap : gaps_) {
    if (gap.begin_s >= end_s) {
      break;
    }
    if (gap.end_s > begin_s) {
      return std::nullopt;
    }
  }
  return (at(end_s) - at(begin_s)) / (end_s - begin_s);
}

EnergyCurve EnergyCurve::sum_of(std::span<const EnergyCurve> curves) {
  EnergyCurve sum;
  std::vector<double> times;
  double begin = -std::numeric_limits<double>::infinity();
  double end = std::numeric_limits<double>::infinity();
  for (const EnergyCurve& curve : curves) {
    if (curve.empty()) {
      return {};
    }
    begin = std::max(begin, curve.begin_s());
    end = std::min(end, curve.end_s());
    times.insert(times.end(), curve.t_s_.begin(), curve.t_s_.end());
  }
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  for (const double t : times) {
    if (t < begin || t > end) {
      continue;
    }
    double joules = 0;
    for (const EnergyCurve& curve : curves) {
      joules += curve.at(t);
    }
    sum.add(t, joules);
  }
  for (const EnergyCurve& curve : curves) {
    for (const Gap& gap : curve.gaps_) {
      sum.add_gap(gap.begin_s, gap.end_s);
    }
  }
  return sum;
}

EnergyCurve EnergyCurve::of_power(std::span<const double> t_s, std::span<const double> watts) {
  EnergyCurve curve;
  double joules = 0;
  for (std::size_t i = 0; i < t_s.size(); ++i) {
    joules += i == 0 ? 0 : (watts[i - 1] + watts[i]) / 2 * (t_s[i] - t_s[i - 1]);
    curve.add(t_s[i], joules);
  }
  return curve;
}

std::vector<double> cells_of(const EnergyCurve& curve,
                             double begin_s,
                             double width_s,
                             std::size_t count) {
  std::vector<double> cells;
  cells.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double from = begin_s + static_cast<double>(i) * width_s;
    cells.push_back(
        curve.mean_w(from, from + width_s).value_or(std::numeric_limits<double>::quiet_NaN()));
  }
  return cells;
}

}  // namespace gradwatt
