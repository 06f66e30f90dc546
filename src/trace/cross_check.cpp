#include "trace/cross_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace gradwatt {
namespace {

constexpr double kReadingEvery_s = 1;
constexpr std::int64_t kReadingsMin = 10;
constexpr double kLeastRatio = 0.5;
constexpr double kMostRatio = 2;

struct Stretch {
  Instant begin;
  Instant end;
};

/// What of [begin, end) was read: a counter that stood still was, which is what is looked for.
std::vector<Stretch> read_stretches(std::span<const GapAccount> gaps, Instant begin, Instant end) {
  std::vector<Stretch> stretches{{begin, end}};
  for (const GapAccount& gap : gaps) {
    if (!gap.energy_lost || gap.reason == kStoodStill || gap.reason == kStandsStill) {
      continue;
    }
    std::vector<Stretch> rest;
    for (const Stretch& stretch : stretches) {
      rest.push_back({stretch.begin, std::min(stretch.end, gap.begin)});
      rest.push_back({std::max(stretch.begin, gap.end), stretch.end});
    }
    std::erase_if(rest, [](const Stretch& each) { return each.begin >= each.end; });
    stretches = std::move(rest);
  }
  return stretches;
}

/// Each row holds until the next one.
double joules_told(std::span<const StateRow> powers, const Stretch& stretch) {
  double joules = 0;
  for (std::size_t i = 0; i < powers.size(); ++i) {
    const Instant from = std::max(powers[i].time, stretch.begin);
    const Instant to =
        i + 1 < powers.size() ? std::min(powers[i + 1].time, stretch.end) : stretch.end;
    joules += from < to ? powers[i].value * seconds(to - from) : 0;
  }
  return joules;
}

}  // namespace

std::optional<CrossCheck> cross_check(const CumulativeSeries& counter,
                                      std::span<const GapAccount> gaps,
                                      std::span<const StateRow> powers,
                                      Instant begin,
                                      Instant end) {
  if (powers.empty() || !counter.can_integrate()) {
    return std::nullopt;
  }
  double counted_j = 0;
  double told_j = 0;
  double read_s = 0;
  for (const Stretch& stretch : read_stretches(gaps, std::max(begin, powers.front().time), end)) {
    counted_j += (counter.at(stretch.end) - counter.at(stretch.begin)).joules();
    told_j += joules_told(powers, stretch);
    read_s += seconds(stretch.end - stretch.begin);
  }
  CrossCheck check;
  check.readings = std::llround(read_s / kReadingEvery_s);
  if (check.readings < kReadingsMin || told_j <= 0) {
    return std::nullopt;
  }
  check.ratio = counted_j / told_j;
  check.plausible = check.ratio >= kLeastRatio && check.ratio <= kMostRatio;
  return check;
}

std::string note_on(const CrossCheck& check) {
  return check.plausible
             ? ""
             : fmt::format(
                   "the counter counts {:.3g} times what the device's power says: one of "
                   "the two is wrong",
                   check.ratio);
}

}  // namespace gradwatt
