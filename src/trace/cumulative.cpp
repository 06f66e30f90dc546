#include "trace/cumulative.h"

#include "base/expects.h"

#include <algorithm>

namespace gradwatt {

void CumulativeSeries::add(Instant time, Energy since_begin) {
  expects(times_.empty() || (times_.back() < time && values_.back() <= since_begin),
          "rising times and energies");
  times_.push_back(time);
  values_.push_back(since_begin);
}

Energy CumulativeSeries::at(Instant time) const {
  if (times_.empty() || time <= times_.front()) {
    return times_.empty() ? Energy{} : values_.front();
  }
  if (time >= times_.back()) {
    return values_.back();
  }
  const auto after = std::upper_bound(times_.begin(), times_.end(), time);
  const auto i = static_cast<std::size_t>(after - times_.begin());
  // 128 bits: microjoules times nanoseconds exceed 64 within a minute.
  __extension__ using Wide = __int128;
  const Wide rise = (values_[i] - values_[i - 1]).microjoules;
  const Wide part = (time - times_[i - 1]).count();
  const Wide whole = (times_[i] - times_[i - 1]).count();
  return values_[i - 1] + Energy{static_cast<std::int64_t>(rise * part / whole)};
}

CumulativeSeries::Bounds CumulativeSeries::bounds(Instant time) const {
  if (times_.empty()) {
    return {};
  }
  const auto after = std::lower_bound(times_.begin(), times_.end(), time);
  const auto i = static_cast<std::size_t>(after - times_.begin());
  const auto rise = [&](Duration gap) { return *power_max_ * (gap + refresh_); };
  const Energy before = i > 0 ? values_[i - 1] : values_.front();
  const Energy next = i < values_.size() ? values_[i] : values_.back();
  Bounds bounds{before, next};
  if (power_max_) {
    if (i < values_.size()) {
      bounds.lo = std::max(before, next - rise(times_[i] - time));
    }
    const Energy steepest = before + rise(i > 0 ? time - times_[i - 1] : Duration{});
    bounds.hi = i < values_.size() ? std::min(next + rise(Duration{}), steepest) : steepest;
    bounds.hi = std::max(bounds.hi, bounds.lo);
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

}  // namespace gradwatt
