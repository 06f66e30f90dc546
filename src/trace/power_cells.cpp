#include "trace/power_cells.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace gradwatt {
namespace {

/// Over more periods the sensor's clock and ours are not told to be the same.
constexpr std::int64_t kMostPeriods = 1000;
/// A renewal is off its place on the grid by up to this share of the period,
constexpr int kJitterShare = 100;
/// and by this share of its distance from the window's middle.
constexpr std::int64_t kDriftShare = 5000;
/// How finely the places that are left are tried, per period.
constexpr std::int64_t kPlacesPerPeriod = 32;

double in_seconds(std::int64_t ns) { return static_cast<double>(ns) * 1e-9; }

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

/// Nanoseconds in which a renewal can lie, on the grid's circle unrolled.
struct Arc {
  std::int64_t lo;
  std::int64_t hi;
};

class Cells {
 public:
  Cells(const SensorModel& model,
        const std::vector<ShownPower>& shown,
        Instant begin,
        Instant end,
        std::int64_t stride)
      : shown_(shown),
        period_(model.refresh.count()),
        length_(stride * period_),
        stride_(stride),
        begin_((begin + model.lag).ns),
        end_((end + model.lag).ns),
        most_w_(model.power_max->watts),
        least_w_(model.power_min.watts) {}

  [[nodiscard]] std::optional<JouleInterval> interval() const {
    const std::optional<Arc> renewals = places();
    if (!renewals) {
      return std::nullopt;
    }
    const std::int64_t step = period_ / kPlacesPerPeriod;
    const std::int64_t count = 1 + (renewals->hi - renewals->lo + step - 1) / step;
    const std::int64_t used_step = count > 1 ? (renewals->hi - renewals->lo) / (count - 1) : 0;
    std::optional<JouleInterval> all;
    for (std::int64_t i = 0; i < count; ++i) {
      const auto here = interval_at(renewals->lo + i * used_step);
      if (!here) {
        continue;  // Its chains contradict each other: renewals are not there.
      }
      all = all ? JouleInterval{std::min(all->lo, here->lo), std::max(all->hi, here->hi)} : *here;
    }
    if (all) {
      // Between two places that were tried, and each edge by its own jitter.
      const double slack =
          (most_w_ - least_w_) * in_seconds(used_step / 2 + period_ / kJitterShare);
      const double rounding = quantum_w() / 2 * in_seconds(end_ - begin_);
      all->lo -= slack + rounding;
      all->hi += slack + rounding;
    }
    return all;
  }

 private:
  /// Where on the grid renewals can be: before the first reading near the window, or up to a
  /// period later. nullopt: changes contradict each other.
  [[nodiscard]] std::optional<Arc> places() const {
    const auto from = shown_at(begin_ - kPeriodsThatTell * period_);
    const std::int64_t middle = begin_ + (end_ - begin_) / 2;
    std::optional<Arc> left;
    for (auto next = from;
         next != shown_.end() && next->time.ns <= end_ + kPeriodsThatTell * period_;
         ++next) {
      if (next == from || next->power.watts == (next - 1)->power.watts) {
        continue;
      }
      const std::int64_t before = (next - 1)->time.ns;
      const std::int64_t tolerance =
          period_ / kJitterShare + std::abs(next->time.ns - middle) / kDriftShare;
      const Arc arc{before - tolerance, next->time.ns + tolerance};
      if (arc.hi - arc.lo >= period_) {
        continue;
      }
      if (!left) {
        left = arc;
      } else if (!narrow(*left, arc)) {
        return std::nullopt;
      }
    }
    return left ? left : Arc{begin_, begin_ + period_};
  }

  /// Keeps of `left` what `arc`, moved by whole periods, allows; false: nothing.
  [[nodiscard]] bool narrow(Arc& left, const Arc& arc) const {
    std::optional<Arc> both;
    const std::int64_t first = floor_div(left.lo - arc.hi, period_);
    for (std::int64_t k = first; arc.lo + k * period_ <= left.hi; ++k) {
      const Arc part{std::max(left.lo, arc.lo + k * period_),
                     std::min(left.hi, arc.hi + k * period_)};
      if (part.lo <= part.hi) {
        both = both ? Arc{both->lo, part.hi} : part;
      }
    }
    if (both) {
      left = *both;
    }
    return both.has_value();
  }

  /// The value shown from a renewal to the next one, if it was read.
  [[nodiscard]] std::optional<double> value_of(std::int64_t renewed) const {
    const std::int64_t middle = renewed + period_ / 2;
    const auto after = shown_at(middle);
    const auto distance = [&](auto place) { return std::abs(place->time.ns - middle); };
    auto nearest = after;
    if (after == shown_.end() ||
        (after != shown_.begin() && distance(after - 1) < distance(after))) {
      if (after == shown_.begin()) {
        return std::nullopt;
      }
      nearest = after - 1;
    }
    return distance(nearest) < period_ / 2 - period_ / kJitterShare
               ? std::optional(nearest->power.watts)
               : std::nullopt;
  }

  /// With a renewal at `place`: what each chain of windows allows, and so all of them.
  [[nodiscard]] std::optional<JouleInterval> interval_at(std::int64_t place) const {
    // The first renewal behind the begin.
    const std::int64_t first = place + (floor_div(begin_ - place, period_) + 1) * period_;
    std::optional<JouleInterval> all;
    for (std::int64_t chain = 0; chain < stride_; ++chain) {
      const JouleInterval one = chain_interval(first + chain * period_);
      all = all ? JouleInterval{std::max(all->lo, one.lo), std::min(all->hi, one.hi)} : one;
    }
    // Rounded values of chains that meet may miss each other by a little.
    return all && all->lo <= all->hi + 1e-3 ? all : std::nullopt;
  }

  [[nodiscard]] JouleInterval chain_interval(std::int64_t first_renewal) const {
    JouleInterval sum;
    std::int64_t seen = 0;
    for (std::int64_t renewed = first_renewal; renewed - length_ < end_; renewed += length_) {
      const std::int64_t part = std::min(renewed, end_) - std::max(renewed - length_, begin_);
      const auto value = part > 0 ? value_of(renewed) : std::nullopt;
      if (!value) {
        continue;
      }
      seen += part;
      const double inside = in_seconds(part);
      const double outside = in_seconds(length_ - part);
      const double e = *value * in_seconds(length_);
      sum.lo += std::max(least_w_ * inside, e - most_w_ * outside);
      sum.hi += std::min(most_w_ * inside, e - least_w_ * outside);
    }
    const double unseen = in_seconds(end_ - begin_ - seen);
    return {sum.lo + least_w_ * unseen, sum.hi + most_w_ * unseen};
  }

  /// The first reading from a time on.
  [[nodiscard]] std::vector<ShownPower>::const_iterator shown_at(std::int64_t time) const {
    return std::lower_bound(
        shown_.begin(), shown_.end(), time, [](const ShownPower& s, std::int64_t t) {
          return s.time.ns < t;
        });
  }

  /// What the values shown are multiples of, up to 1 W.
  [[nodiscard]] double quantum_w() const {
    double quantum = 1;
    for (auto value = shown_at(begin_); value != shown_.end() && value->time.ns < end_; ++value) {
      while (quantum > 1e-3 &&
             std::abs(std::remainder(value->power.watts, quantum)) > 1e-6 * quantum) {
        quantum /= 10;
      }
    }
    return quantum;
  }

  const std::vector<ShownPower>& shown_;
  std::int64_t period_;
  std::int64_t length_;  ///< Of a window.
  std::int64_t stride_;  ///< Renewals from one window to the one that meets it.
  std::int64_t begin_;
  std::int64_t end_;
  double most_w_;
  double least_w_;
};

}  // namespace

std::optional<JouleInterval> power_cells(const SensorModel& model,
                                         const std::vector<ShownPower>& shown,
                                         Instant begin,
                                         Instant end) {
  const std::int64_t period = model.refresh.count();
  if (!model.integrates_power || !model.power_max || period <= 0 || shown.size() < 2 ||
      end <= begin || (end - begin).count() / period > kMostPeriods) {
    return std::nullopt;
  }
  const std::int64_t window = model.window > Duration{} ? model.window.count() : period;
  const std::int64_t stride = (window + period / 2) / period;
  if (stride == 0 || std::abs(window - stride * period) * 2 * kJitterShare > period) {
    return std::nullopt;
  }
  return Cells(model, shown, begin, end, stride).interval();
}

}  // namespace gradwatt
