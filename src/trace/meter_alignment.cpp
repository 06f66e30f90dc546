#include "trace/meter_alignment.h"

#include "trace/median.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace gradwatt {
namespace {

constexpr std::size_t kCellsMax = 4000;
constexpr std::size_t kCellsMin = 10;
/// Loads that have nothing to do with each other reach 0.7 at the best of some hundred places.
constexpr double kCorrelationMin = 0.8;
constexpr double kInvertedMin = 0.6;
/// Of what is known of the reference.
constexpr double kOverlapMin = 0.8;
constexpr double kMarginMin = 0.05;
constexpr int kFineSteps = 10;
// A meter's quartz is good for about 100 ppm; below ten minutes that is less than the fit's error.
constexpr double kDriftFrom_s = 600;
constexpr double kDriftMax = 0.002;
constexpr std::size_t kPartsMin = 4;
constexpr std::size_t kPartsMax = 24;

struct Likeness {
  double r = std::numeric_limits<double>::quiet_NaN();
  std::size_t count = 0;
};

/// Pearson's correlation of a[i] and b[i + lag] where both are known.
Likeness likeness(const std::vector<double>& a, const std::vector<double>& b, std::ptrdiff_t lag) {
  Likeness result;
  double sa = 0;
  double sb = 0;
  double saa = 0;
  double sbb = 0;
  double sab = 0;
  const std::ptrdiff_t from = std::max<std::ptrdiff_t>(0, -lag);
  const std::ptrdiff_t to =
      std::min(static_cast<std::ptrdiff_t>(a.size()), static_cast<std::ptrdiff_t>(b.size()) - lag);
  for (std::ptrdiff_t i = from; i < to; ++i) {
    const double x = a[static_cast<std::size_t>(i)];
    const double y = b[static_cast<std::size_t>(i + lag)];
    if (std::isnan(x) || std::isnan(y)) {
      continue;
    }
    sa += x;
    sb += y;
    saa += x * x;
    sbb += y * y;
    sab += x * y;
    ++result.count;
  }
  const auto n = static_cast<double>(result.count);
  const double va = n * saa - sa * sa;
  const double vb = n * sbb - sb * sb;
  // What rounding leaves of a constant's variance is no variance.
  if (va > 1e-9 * n * saa && vb > 1e-9 * n * sbb) {
    result.r = (n * sab - sa * sb) / std::sqrt(va * vb);
  }
  return result;
}

std::size_t known(const std::vector<double>& cells) {
  return static_cast<std::size_t>(
      std::count_if(cells.begin(), cells.end(), [](double w) { return !std::isnan(w); }));
}

std::size_t cells_to_share(const std::vector<double>& reference) {
  return static_cast<std::size_t>(kOverlapMin * static_cast<double>(known(reference)));
}

/// Whether cells tell nothing apart: they hardly move, or by no more than their noise.
bool is_flat(const std::vector<double>& cells) {
  double n = 0;
  double sum = 0;
  double squares = 0;
  double steps = 0;
  double step_squares = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (std::isnan(cells[i])) {
      continue;
    }
    n += 1;
    sum += cells[i];
    squares += cells[i] * cells[i];
    if (i > 0 && !std::isnan(cells[i - 1])) {
      steps += 1;
      step_squares += (cells[i] - cells[i - 1]) * (cells[i] - cells[i - 1]);
    }
  }
  const double mean = sum / n;
  const double deviation = std::sqrt(std::max(0.0, squares / n - mean * mean));
  // White noise: neighbours differ by the deviation times the root of two.
  const double noise = steps > 0 ? std::sqrt(step_squares / steps / 2) : 0;
  return deviation < 0.002 * std::abs(mean) ||
         (deviation < 0.03 * std::abs(mean) && deviation < 1.5 * noise);
}

/// Reference and meter with the cells both are averaged over.
class Comparison {
 public:
  Comparison(const EnergyCurve& reference, const EnergyCurve& meter)
      : reference_(reference), meter_(meter) {
    const double longest =
        std::max(reference.end_s() - reference.begin_s(), meter.end_s() - meter.begin_s());
    width_s_ = std::max({reference.median_step_s(),
                         meter.median_step_s(),
                         longest / static_cast<double>(kCellsMax)});
    cells_ = cells_of(reference, reference.begin_s(), width_s_, count_of(reference));
  }

  [[nodiscard]] double width_s() const { return width_s_; }
  [[nodiscard]] const std::vector<double>& cells() const { return cells_; }
  [[nodiscard]] std::size_t count_of(const EnergyCurve& curve) const {
    return static_cast<std::size_t>((curve.end_s() - curve.begin_s()) / width_s_ * (1 + 1e-12));
  }
  [[nodiscard]] double time_of(std::size_t cell) const {
    return reference_.begin_s() + static_cast<double>(cell) * width_s_;
  }

  /// How alike cells [from, to) are with the meter moved as `place` says.
  [[nodiscard]] Likeness at(const MeterAlignment& place, std::size_t from, std::size_t to) const {
    std::vector<double> mine(cells_.begin() + static_cast<std::ptrdiff_t>(from),
                             cells_.begin() + static_cast<std::ptrdiff_t>(to));
    std::vector<double> its;
    its.reserve(mine.size());
    for (std::size_t i = from; i < to; ++i) {
      const double t = place.to_meter(time_of(i));
      its.push_back(
          meter_.mean_w(t, t + width_s_).value_or(std::numeric_limits<double>::quiet_NaN()));
    }
    return likeness(mine, its, 0);
  }

  /// The best offset within `range` of `around`, to a small part of a cell.
  [[nodiscard]] std::optional<std::pair<double, Likeness>> refine(const MeterAlignment& around,
                                                                  double range,
                                                                  std::size_t from,
                                                                  std::size_t to) const {
    const double step = width_s_ / kFineSteps;
    const auto steps = static_cast<int>(std::ceil(range / step));
    std::vector<Likeness> found;
    for (int k = -steps; k <= steps; ++k) {
      MeterAlignment place = around;
      place.offset_s += k * step;
      found.push_back(at(place, from, to));
    }
    const auto best = std::max_element(found.begin(), found.end(), [](auto& a, auto& b) {
      return std::isnan(a.r) ? !std::isnan(b.r) : a.r < b.r;
    });
    if (std::isnan(best->r)) {
      return std::nullopt;
    }
    const auto k = best - found.begin();
    double rest = 0;
    if (best != found.begin() && best != found.end() - 1) {
      const double bend = (best - 1)->r - 2 * best->r + (best + 1)->r;
      rest = bend < 0 ? 0.5 * ((best - 1)->r - (best + 1)->r) / bend : 0;
    }
    return std::pair(
        around.offset_s + (static_cast<double>(k - steps) + std::clamp(rest, -0.5, 0.5)) * step,
        *best);
  }

 private:
  const EnergyCurve& reference_;
  const EnergyCurve& meter_;
  double width_s_ = 0;
  std::vector<double> cells_;
};

/// The best place outside the hill that `peak` is on: down to half its height.
std::optional<std::size_t> next_best(const std::vector<double>& r, std::size_t peak) {
  std::vector<double> sorted;
  std::copy_if(
      r.begin(), r.end(), std::back_inserter(sorted), [](double x) { return !std::isnan(x); });
  const double foot = (r[peak] + std::min(median_of(std::move(sorted)), 0.5 * r[peak])) / 2;
  std::size_t left = peak;
  std::size_t right = peak;
  while (left > 0 && !(r[left - 1] < foot)) {
    --left;
  }
  while (right + 1 < r.size() && !(r[right + 1] < foot)) {
    ++right;
  }
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < r.size(); ++i) {
    if ((i < left || i > right) && !std::isnan(r[i]) && (!best || r[i] > r[*best])) {
      best = i;
    }
  }
  return best;
}

struct CoarsePlace {
  double offset_s = 0;
  double r = 0;
  std::optional<double> next_offset_s;
  double lowest = 0;
};

std::optional<CoarsePlace> coarse_place(const Comparison& comparison,
                                        const EnergyCurve& reference,
                                        const EnergyCurve& meter,
                                        const AlignmentSearch& search) {
  const auto& mine = comparison.cells();
  const auto its =
      cells_of(meter, meter.begin_s(), comparison.width_s(), comparison.count_of(meter));
  const std::size_t enough = std::max(kCellsMin, cells_to_share(mine));
  const double base = meter.begin_s() - reference.begin_s();
  std::vector<double> r;
  std::optional<std::size_t> peak;
  double best_score = 0;
  double lowest = 0;
  const std::ptrdiff_t first = -static_cast<std::ptrdiff_t>(mine.size());
  for (std::ptrdiff_t lag = first; lag <= static_cast<std::ptrdiff_t>(its.size()); ++lag) {
    const double offset = base + static_cast<double>(lag) * comparison.width_s();
    const bool wanted = !search.expected_s || std::abs(offset - *search.expected_s) <=
                                                  search.within_s + comparison.width_s();
    Likeness alike = wanted ? likeness(mine, its, lag) : Likeness{};
    if (alike.count < enough) {
      alike.r = std::numeric_limits<double>::quiet_NaN();
    }
    r.push_back(alike.r);
    if (std::isnan(alike.r)) {
      continue;
    }
    lowest = std::min(lowest, alike.r);
    // Of places that fit equally well the one with more in common is meant.
    const double score = alike.r * std::sqrt(static_cast<double>(alike.count));
    if (!peak || score > best_score) {
      peak = r.size() - 1;
      best_score = score;
    }
  }
  if (!peak) {
    return std::nullopt;
  }
  const auto offset_of = [&](std::size_t index) {
    return base +
           static_cast<double>(static_cast<std::ptrdiff_t>(index) + first) * comparison.width_s();
  };
  CoarsePlace place{offset_of(*peak), r[*peak], std::nullopt, lowest};
  if (const auto next = next_best(r, *peak)) {
    place.next_offset_s = offset_of(*next);
  }
  return place;
}

/// Aligns parts of the record each for itself and lays a robust line through their offsets.
void find_drift(const Comparison& comparison, MeterAlignment& place) {
  const std::size_t cells = comparison.cells().size();
  const double length = static_cast<double>(cells) * comparison.width_s();
  const std::size_t parts = std::min({kPartsMax, cells / (3 * kCellsMin), kCellsMax});
  if (length < kDriftFrom_s || parts < kPartsMin) {
    return;
  }
  std::vector<std::pair<double, double>> offsets;
  for (std::size_t p = 0; p < parts; ++p) {
    const std::size_t from = cells * p / parts;
    const std::size_t to = cells * (p + 1) / parts;
    const std::vector<double> part(comparison.cells().begin() + static_cast<std::ptrdiff_t>(from),
                                   comparison.cells().begin() + static_cast<std::ptrdiff_t>(to));
    if (known(part) < kCellsMin || is_flat(part)) {
      continue;
    }
    const double range =
        std::min(2 * comparison.width_s() + kDriftMax * length / 2, 60 * comparison.width_s());
    const auto found = comparison.refine(place, range, from, to);
    if (found && found->second.r > 0.8) {
      offsets.emplace_back(comparison.time_of((from + to) / 2), found->first);
    }
  }
  if (offsets.size() < kPartsMin) {
    return;
  }
  std::vector<double> slopes;
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      slopes.push_back((offsets[i].second - offsets[j].second) /
                       (offsets[i].first - offsets[j].first));
    }
  }
  place.drift = median_of(slopes);
  std::vector<double> rests;
  for (const auto& [t, offset] : offsets) {
    rests.push_back(offset - place.drift * (t - place.middle_s));
  }
  place.offset_s = median_of(rests);
}

MeterAlignment fine_place(const Comparison& comparison,
                          const EnergyCurve& reference,
                          const CoarsePlace& coarse) {
  MeterAlignment place;
  place.offset_s = coarse.offset_s;
  place.middle_s = (reference.begin_s() + reference.end_s()) / 2;
  place.next_correlation = -1;
  const std::size_t all = comparison.cells().size();
  const double range = 2 * comparison.width_s();
  if (coarse.next_offset_s) {
    MeterAlignment next = place;
    next.offset_s = *coarse.next_offset_s;
    if (const auto fine = comparison.refine(next, range, 0, all)) {
      place.next_correlation = fine->second.r;
    }
  }
  if (const auto fine = comparison.refine(place, range, 0, all)) {
    place.offset_s = fine->first;
  }
  find_drift(comparison, place);
  const Likeness whole = comparison.at(place, 0, all);
  place.correlation = std::isnan(whole.r) ? coarse.r : whole.r;
  place.overlap_s = static_cast<double>(whole.count) * comparison.width_s();
  return place;
}

AlignmentResult failure(std::string why) { return {std::nullopt, std::move(why)}; }

}  // namespace

AlignmentResult align_meter(const EnergyCurve& reference,
                            const EnergyCurve& meter,
                            const AlignmentSearch& search) {
  if (reference.empty() || meter.empty()) {
    return failure("cannot align: there are no readings to compare");
  }
  const Comparison comparison(reference, meter);
  const auto meter_cells =
      cells_of(meter, meter.begin_s(), comparison.width_s(), comparison.count_of(meter));
  if (known(comparison.cells()) < kCellsMin || known(meter_cells) < kCellsMin) {
    return failure(
        fmt::format("cannot align: too short, {} readings of {:.3g} s are needed in both at least",
                    kCellsMin,
                    comparison.width_s()));
  }
  if (is_flat(comparison.cells()) || is_flat(meter_cells)) {
    return failure("cannot align: the load does not vary; include its begin and its end");
  }
  const auto coarse = coarse_place(comparison, reference, meter, search);
  if (!coarse) {
    return failure(fmt::format(
        "cannot align: nowhere does the meter cover {:.0f} % of the run{}",
        100 * kOverlapMin,
        search.expected_s ? fmt::format(", its clock within {:.4g} s of the run's", search.within_s)
                          : ""));
  }
  if (-coarse->lowest > coarse->r + 0.1 && -coarse->lowest > kInvertedMin) {
    return failure("cannot align: the meter falls when the load rises; is its sign inverted?");
  }
  const MeterAlignment place = fine_place(comparison, reference, *coarse);
  if (place.correlation < kCorrelationMin) {
    return failure(fmt::format(
        "cannot align: the two do not look alike{}, their best correlation is {:.2f}",
        search.expected_s ? fmt::format(" within {:.4g} s of what the clocks say", search.within_s)
                          : "",
        place.correlation));
  }
  if (place.correlation - place.next_correlation < kMarginMin) {
    return failure(
        fmt::format("cannot align: two places fit equally well (correlation {:.3f} and {:.3f}), "
                    "for the load repeats itself; include its begin and its end",
                    place.correlation,
                    place.next_correlation));
  }
  return {place, ""};
}

}  // namespace gradwatt
