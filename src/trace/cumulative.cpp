#include "trace/cumulative.h"

#include "base/expects.h"
#include "trace/renewal.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace gradwatt {
namespace {

/// The power that an unseen end is assumed to go on with is taken over so long.
constexpr Duration kRecent = std::chrono::seconds(1);

Energy on_line(Instant from, Energy low, Instant to, Energy high, Instant time) {
  // 128 bits: microjoules times nanoseconds exceed 64 within a minute.
  __extension__ using Wide = __int128;
  const Wide rise = (high - low).microjoules;
  const Wide part = (time - from).count();
  const Wide whole = (to - from).count();
  return low + Energy{static_cast<std::int64_t>(rise * part / whole)};
}

/// Rounded up, so that a bound by it is never too tight.
Energy most(Power power, Duration time) {
  const double microjoules = power.watts * static_cast<double>(time.count()) * 1e-3;
  return {static_cast<std::int64_t>(std::ceil(microjoules - 1e-3))};
}

/// Rounded down.
Duration least_time(Energy energy, Power power) {
  return Duration(static_cast<std::int64_t>(energy.joules() / power.watts * 1e9));
}

Instant middle(Instant a, Instant b) { return a + (b - a) / 2; }

}  // namespace

/// Counters renewed faster are as good as always fresh: a reading's own time says enough.
bool CumulativeSeries::is_stepped() const {
  return !model_.integrates_power && model_.refresh >= kFastRefresh;
}

/// How old a value can be when it is read.
Duration CumulativeSeries::oldest() const { return longest_renewal(model_.refresh); }

Duration CumulativeSeries::display_delay() const {
  if (!model_.integrates_power) {
    return {};
  }
  const Duration window = model_.window > Duration{} ? model_.window : model_.refresh;
  return window / 2 + model_.refresh / 2 + model_.lag;
}

void CumulativeSeries::add(Instant time,
                           Energy since_begin,
                           Duration slack,
                           std::optional<Power> shown) {
  expects(times_.empty() || (times_.back() < time && values_.back() <= since_begin),
          "rising times and energies");
  times_.push_back(time);
  values_.push_back(since_begin);
  if (slack > Duration{} || !slack_.empty()) {
    slack_.resize(times_.size());
    slack_.back() = slack;
  }
  if (shown) {
    shown_.push_back({time, *shown});
  }
  note_reading(times_.size() - 1);
}

void CumulativeSeries::note_reading(std::size_t i) {
  const bool is_new = i == 0 || values_[i] != values_[i - 1];
  if (is_new && i > 0 && first_[i - 1] > 0 &&
      times_[i] - times_[first_[i - 1] - 1] < shortest_renewal(model_.refresh)) {
    renews_faster_ = true;
  }
  first_.push_back(is_new ? i : first_[i - 1]);
  if (!is_stepped()) {
    add_knot(times_[i] - display_delay(), values_[i]);
    note_roughness(i);
    note_unseen(i);
  } else if (is_new) {
    const Instant earliest = times_[i] - oldest();
    add_knot(middle(i == 0 ? earliest : std::max(earliest, times_[i - 1]), times_[i]), values_[i]);
  } else if (times_[i] - oldest() > times_[first_[i]]) {
    // Renewed since, to the same value: up to then nothing was consumed.
    add_knot(times_[i] - oldest(), values_[i]);
  }
}

void CumulativeSeries::add_knot(Instant time, Energy value) {
  if (knots_.empty() || knots_.back().time < time) {
    knots_.push_back({time, value});
  } else {
    knots_.back().value = value;
  }
}

void CumulativeSeries::note_roughness(std::size_t i) {
  if (!model_.integrates_power) {
    return;
  }
  double steps = roughness_.empty() ? 0 : roughness_.back();
  if (i > 0) {
    const double shown =
        (values_[i] - values_[i - 1]).joules() / seconds(times_[i] - times_[i - 1]);
    steps += i > 1 ? (shown - shown_w_) * (shown - shown_w_) : 0;
    shown_w_ = shown;
  }
  roughness_.push_back(steps);
}

void CumulativeSeries::note_unseen(std::size_t i) {
  // A little more than an update period is a late wake, and without energy no reading was kept.
  const Duration sight = std::max(model_.window, model_.refresh);
  if (!model_.integrates_power || i == 0 || sight == Duration{} ||
      2 * (times_[i] - times_[i - 1]) <= 3 * sight || values_[i] == values_[i - 1]) {
    return;
  }
  const Duration step = times_[i] - times_[i - 1];
  const Duration seen = std::max(Duration{}, model_.window - model_.refresh);
  const double share = seconds(step - seen) / seconds(step);
  unseen_.push_back({times_[i - 1] - sight - model_.refresh - model_.lag,
                     times_[i],
                     step - seen,
                     Energy::from_joules(share * (values_[i] - values_[i - 1]).joules())});
}

CumulativeSeries::Variation CumulativeSeries::variation(Instant begin, Instant end) const {
  if (roughness_.size() < 2 || end <= begin) {
    return {};
  }
  const auto index_of = [&](Instant time) {
    const auto found = std::lower_bound(times_.begin(), times_.end(), time + display_delay());
    return std::min(static_cast<std::size_t>(found - times_.begin()), times_.size() - 1);
  };
  const std::size_t from = index_of(begin);
  const std::size_t to = index_of(end);
  const auto power_at = [&](std::size_t i) {
    i = std::max<std::size_t>(i, 1);
    return (values_[i] - values_[i - 1]).joules() / seconds(times_[i] - times_[i - 1]);
  };
  Variation variation;
  variation.steps_w2 = roughness_[to] - roughness_[from];
  variation.net_w = power_at(to) - power_at(from);
  variation.step = to > from ? (times_[to] - times_[from]) / static_cast<std::int64_t>(to - from)
                             : model_.refresh;
  return variation;
}

Power CumulativeSeries::recent_power() const {
  std::size_t i = knots_.size() - 1;
  while (i > 0 && knots_.back().time - knots_[i].time < kRecent) {
    --i;
  }
  const double s = seconds(knots_.back().time - knots_[i].time);
  return s > 0 ? Power{(knots_.back().value - knots_[i].value).joules() / s} : Power{};
}

/// Where the line goes on behind the last knot, if it does.
std::optional<CumulativeSeries::Knot> CumulativeSeries::beyond() const {
  if (knots_.size() < 2) {
    return std::nullopt;
  }
  if (model_.integrates_power) {
    // The value shown last holds until the next one.
    const Power shown{(values_.back() - values_[values_.size() - 2]).joules() /
                      seconds(times_.back() - times_[times_.size() - 2])};
    return Knot{times_.back(), values_.back() + shown * (times_.back() - knots_.back().time)};
  }
  const bool was_renewed = knots_.back().value != knots_[knots_.size() - 2].value;
  if (!is_stepped() || !was_renewed || times_.back() - knots_.back().time > 2 * oldest()) {
    return std::nullopt;
  }
  return Knot{times_.back(),
              knots_.back().value + recent_power() * (times_.back() - knots_.back().time)};
}

Energy CumulativeSeries::at(Instant time) const {
  if (knots_.empty() || time <= knots_.front().time) {
    return knots_.empty() ? Energy{} : knots_.front().value;
  }
  if (time < knots_.back().time) {
    const auto after = std::upper_bound(
        knots_.begin(), knots_.end(), time, [](Instant t, const Knot& k) { return t < k.time; });
    const Knot& to = *after;
    const Knot& from = *(after - 1);
    return on_line(from.time, from.value, to.time, to.value, time);
  }
  const auto end = beyond();
  if (!end || end->time <= knots_.back().time) {
    return knots_.back().value;
  }
  return on_line(
      knots_.back().time, knots_.back().value, end->time, end->value, std::min(time, end->time));
}

CumulativeSeries::Bounds CumulativeSeries::bounds(Instant time) const {
  if (times_.empty()) {
    return {};
  }
  return model_.integrates_power ? integral_bounds(time) : counter_bounds(time);
}

/// The last renewal before reading `i` was not earlier: a value is shown for no longer than
/// longest_renewal(), was not there at the reading before it was new, and is followed by the next.
Instant CumulativeSeries::earliest_renewal(std::size_t i) const {
  const std::size_t first = first_[i];
  Instant earliest = times_[i] - slack(i) - oldest();
  if (first > 0) {
    earliest = std::max(earliest, times_[first - 1] - slack(first - 1));
  }
  std::size_t next = i + 1;
  while (next < times_.size() && first_[next] != next) {
    ++next;
  }
  // Two renewals cannot lie between readings that are so close.
  const bool is_next = next < times_.size() && !renews_faster_ &&
                       times_[next] - times_[next - 1] < shortest_renewal(model_.refresh);
  if (is_next) {
    const Instant renewed =
        std::max(times_[next] - slack(next) - oldest(), times_[next - 1] - slack(next - 1));
    earliest = std::max(earliest, renewed - oldest());
  }
  return earliest;
}

CumulativeSeries::Bounds CumulativeSeries::counter_bounds(Instant time) const {
  const auto after = std::upper_bound(times_.begin(), times_.end(), time);
  const auto next = static_cast<std::size_t>(after - times_.begin());
  // A reading whose own time is uncertain by more than its distance says nothing of this side.
  const std::size_t before = next > 0 ? next - 1 : 0;
  Energy lo = values_.front();
  Energy hi = values_.back();
  bool is_bounded_above = false;
  if (next > 0) {
    const bool surely_past = times_[before] + slack(before) <= time;
    lo = surely_past ? values_[before] : values_[before > 0 ? before - 1 : 0];
    if (surely_past) {
      lo += model_.power_min * (time - times_[before] - slack(before));
    }
    if (model_.power_max) {
      hi = values_[before] + model_.quantum +
           most(*model_.power_max, std::max(Duration{}, time - earliest_renewal(before)));
      is_bounded_above = true;
    }
  }
  // The readings from here on: each says when at the earliest and latest its value was true.
  for (std::size_t j = before, told = 0; j < times_.size() && told < 3; ++j) {
    const bool is_new = j > 0 && first_[j] == j;
    if (model_.power_max && first_[j] == j && times_[j] + slack(j) > time) {
      const Duration rest = times_[j] + slack(j) - time;
      lo = std::max(lo, values_[j] - most(*model_.power_max, rest));
    }
    if (is_new && model_.power_max && !renews_faster_ && times_[j] > time) {
      // The renewal before this one was no lower than shown then, and at least so long before it:
      // as devices renew, or as it took to consume what this one added.
      Duration between = shortest_renewal(model_.refresh);
      if (times_[j] - times_[j - 1] < between) {
        const Energy added = values_[j] - values_[j - 1] - model_.quantum;
        between = std::max(between, least_time(added, *model_.power_max));
      }
      const Duration rest = std::max(Duration{}, times_[j] + slack(j) - between - time);
      lo = std::max(lo, values_[j - 1] - most(*model_.power_max, rest));
    }
    const Instant renewed = earliest_renewal(j);
    if (renewed >= time) {
      const Energy top = values_[j] + model_.quantum - model_.power_min * (renewed - time);
      hi = is_bounded_above ? std::min(hi, top) : top;
      is_bounded_above = true;
      ++told;
    } else if (model_.power_max) {
      hi = std::min(is_bounded_above ? hi : Energy{INT64_MAX},
                    values_[j] + model_.quantum + most(*model_.power_max, time - renewed));
      is_bounded_above = true;
    }
  }
  return {lo, std::max(lo, hi)};
}

/// A mean over a window, held for an update period, moves energy across an instant: at most half of
/// what it shows within half the sum of both on either side, and no more than an eighth of that sum
/// at the greatest power. Derived in docs/measurement.md, "Power sensors".
CumulativeSeries::Bounds CumulativeSeries::integral_bounds(Instant time) const {
  const Duration window = model_.window > Duration{} ? model_.window : model_.refresh;
  const Duration blur = window + model_.refresh;
  const Energy here = at(time);
  Energy moved{(at(time + blur / 2) - at(time - blur / 2)).microjoules / 2};
  if (model_.power_max) {
    moved = std::min(moved, *model_.power_max * (blur / 8));
  }
  Bounds bounds{here - moved, here + moved};
  const Duration unseen = time - knots_.back().time;
  if (unseen > Duration{} && model_.power_max) {
    const Energy assumed = here - knots_.back().value;
    bounds.lo -= assumed - std::min(assumed, model_.power_min * unseen);
    bounds.hi += std::max(Energy{}, *model_.power_max * unseen - assumed);
  }
  return bounds;
}

double CumulativeSeries::coverage(Instant begin, Instant end) const {
  if (!can_integrate() || end <= begin) {
    return 0;
  }
  const Instant from = std::max(begin, times_.front());
  const Instant to = std::min(end, times_.back());
  return from < to ? seconds(to - from) / seconds(end - begin) : 0;
}

Duration CumulativeSeries::extrapolated(Instant begin, Instant end) const {
  const auto last = beyond();
  if (!last) {
    return {};
  }
  const Instant from = std::max(begin, knots_.back().time);
  const Instant to = std::min(end, last->time);
  return std::max(Duration{}, to - from);
}

}  // namespace gradwatt
