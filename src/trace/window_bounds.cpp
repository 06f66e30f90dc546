#include "trace/window_bounds.h"

#include "trace/power_cells.h"

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

/// An interval in joules around an estimate.
struct Range {
  double lo = 0;
  double hi = 0;

  [[nodiscard]] double half() const { return (hi - lo) / 2; }
};

/// Standard deviations for what adds up at random: 99.9 % of a normal distribution.
constexpr double kSigmas = 3.3;

Range edges(const CumulativeSeries& series, Instant begin, Instant end) {
  const auto from = series.bounds(begin);
  const auto to = series.bounds(end);
  Range range{(to.lo - from.hi).joules(), (to.hi - from.lo).joules()};
  const double s = seconds(end - begin);
  range.lo = std::max(range.lo, series.model().power_min.watts * s);
  return range;
}

/// Where between two readings a power sensor's value changed is not known: half a step either way,
/// the same for all (it then shifts what changes from begin to end) or at random for each.
double unsteadiness(const CumulativeSeries& series, Instant begin, Instant end) {
  if (!series.model().integrates_power) {
    return 0;
  }
  const auto variation = series.variation(begin, end);
  const double step = seconds(variation.step);
  return std::abs(variation.net_w) * step / 2 + kSigmas * std::sqrt(variation.steps_w2 / 12) * step;
}

/// What a blind share of the time can hide on average, judged by how much the values vary.
double hidden_at_random(const ChannelInfo& info,
                        const CumulativeSeries& series,
                        Instant begin,
                        Instant end) {
  const double blind = 1 - observed_share(info);
  const auto variation = series.variation(begin, end);
  return 2 * blind * seconds(info.refresh) * std::sqrt(variation.steps_w2 / 2);
}

/// A power sensor's values are of a time before their readings.
GapAccount in_device_time(const ChannelInfo& info, GapAccount gap) {
  if (info.method == "power") {
    gap.begin = gap.begin - info.window - info.refresh - info.lag;
  }
  return gap;
}

/// Values that a power sensor showed and nobody read, but for gaps, which say so themselves.
Range unread(const ChannelInfo& info,
             const CumulativeSeries& series,
             std::span<const GapAccount> gaps,
             Instant begin,
             Instant end) {
  Range range;
  for (const auto& unseen : series.unseen()) {
    const bool is_told = std::any_of(gaps.begin(), gaps.end(), [&](const GapAccount& gap) {
      return gap.energy_lost && overlap(gap, unseen.begin, unseen.end) > Duration{};
    });
    if (is_told || unseen.end <= begin || unseen.begin >= end) {
      continue;
    }
    const double s = seconds(unseen.time);
    const double assumed = unseen.assumed.joules();
    range.lo -= std::max(0.0, assumed - info.power_min.watts * s);
    range.hi += info.power_max ? std::max(0.0, info.power_max->watts * s - assumed) : 0;
  }
  return range;
}

Range lost(const ChannelInfo& info, std::span<const GapAccount> gaps, Instant begin, Instant end) {
  Range range;
  for (const GapAccount& noted : gaps) {
    const GapAccount gap = in_device_time(info, noted);
    const Duration shared = overlap(gap, begin, end);
    if (!gap.energy_lost || shared == Duration{}) {
      continue;
    }
    const bool is_whole = shared == gap.end - gap.begin;
    const double plausible = info.power_max ? info.power_max->watts * seconds(shared) : 0;
    double more = gap.most ? (*gap.most - gap.assumed).joules() : plausible;
    if (!is_whole && gap.most) {
      // A part of the stretch: no more than it could have drawn, whatever the rest did.
      more = std::min(gap.most->joules(), plausible);
    }
    range.hi += more;
    range.lo -= is_whole ? (gap.assumed - gap.least).joules() : gap.assumed.joules();
  }
  return range;
}

/// What cells tell, where no energy was lost in or around the window.
std::optional<JouleInterval> cells_of(const ChannelInfo& info,
                                      const CumulativeSeries& series,
                                      std::span<const GapAccount> gaps,
                                      Instant begin,
                                      Instant end) {
  const Duration around = info.window + 2 * info.refresh + info.lag;
  const bool is_whole = std::none_of(gaps.begin(), gaps.end(), [&](const GapAccount& gap) {
    return gap.energy_lost && overlap(gap, begin - around, end + around) > Duration{};
  });
  return is_whole ? power_cells(series.model(), series.shown(), begin, end) : std::nullopt;
}

}  // namespace

double observed_share(const ChannelInfo& info) {
  if (info.method != "power" || info.window == Duration{} || info.refresh == Duration{}) {
    return 1;
  }
  return std::min(1.0, seconds(info.window) / seconds(info.refresh));
}

BoundedWindow bounded_window(const ChannelInfo& info,
                             const CumulativeSeries& series,
                             std::span<const GapAccount> gaps,
                             Instant begin,
                             Instant end) {
  BoundedWindow result;
  const double s = seconds(end - begin);
  const double ceiling = info.power_max ? info.power_max->watts * s : INFINITY;
  const Energy energy = series.at(end) - series.at(begin);
  const double estimate = energy.joules();

  const Range edge = edges(series, begin, end);
  const double unsteady = unsteadiness(series, begin, end);
  const Range missed = unread(info, series, gaps, begin, end);
  Range gap = lost(info, gaps, begin, end);
  gap.lo += missed.lo;
  gap.hi += missed.hi;
  Range seen{edge.lo - unsteady + gap.lo, edge.hi + unsteady + gap.hi};
  if (const auto cells = cells_of(info, series, gaps, begin, end)) {
    seen.lo = std::max(seen.lo, cells->lo);
    seen.hi = std::min(seen.hi, cells->hi);
  }
  seen.lo = std::clamp(seen.lo, 0.0, estimate);
  seen.hi = std::max(estimate, std::min(seen.hi, ceiling));
  result.terms.edge_j = edge.half() + unsteady;
  result.terms.gap_j = gap.half();

  const double share = observed_share(info);
  const double hidden = share < 1 ? hidden_at_random(info, series, begin, end) : 0;
  const Range random{std::max(0.0, seen.lo - hidden), std::min(seen.hi + hidden, ceiling)};

  // Systematic: what went on while the sensor did not look, and its scale.
  Range whole = random;
  if (share < 1 && info.power_max) {
    const double blind_s = (1 - share) * s;
    whole.lo = std::min(random.lo, share * seen.lo + blind_s * info.power_min.watts);
    whole.hi = std::max(random.hi, share * seen.hi + blind_s * info.power_max->watts);
    result.terms.aliasing_j = whole.half() - seen.half();
  }
  result.terms.gain_j = estimate * (info.gain_lo + info.gain_hi) / 2;
  whole.lo *= 1 - info.gain_lo;
  whole.hi *= 1 + info.gain_hi;

  // Outwards to whole microjoules, but for what arithmetic itself adds.
  constexpr double kArithmetic = 1e-3;
  const auto down = [](double joules) {
    return Energy{static_cast<std::int64_t>(std::floor(joules * 1e6 + kArithmetic))};
  };
  const auto up = [](double joules) {
    return Energy{static_cast<std::int64_t>(std::ceil(joules * 1e6 - kArithmetic))};
  };
  result.energy = {energy,
                   std::min(energy, down(whole.lo)),
                   std::max(energy, up(whole.hi)),
                   std::min(energy, down(random.lo)),
                   std::max(energy, up(std::max(random.hi, estimate)))};
  return result;
}

}  // namespace gradwatt
