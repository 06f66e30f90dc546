#include "trace/energy_book.h"

#include "trace/cross_check.h"
#include "trace/window_bounds.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

constexpr Duration kStudySampling = std::chrono::seconds(1);

/// The mean power of the second before `time`, or of what readings cover of it.
std::optional<double> power_before_w(const CumulativeSeries& series, Instant time) {
  const Instant begin = std::max(series.times().front(), time - kStudySampling);
  const Instant end = std::min(series.times().back(), time);
  if (end <= begin) {
    return std::nullopt;
  }
  return (series.at(end) - series.at(begin)).joules() / seconds(end - begin);
}

/// Equation 1 of one channel.
std::optional<Energy> literal_equation_1(const CumulativeSeries& series,
                                         Instant begin,
                                         Instant end) {
  double sum_w = 0;
  int samples = 0;
  for (Instant time = begin; time <= end; time = time + kStudySampling) {
    if (const auto watts = power_before_w(series, time)) {
      sum_w += *watts;
      ++samples;
    }
  }
  if (samples < 2) {
    return std::nullopt;
  }
  return Power{sum_w / (samples - 1)} * (end - begin);
}

std::string milliseconds(Duration time) { return fmt::format("{:.3g} ms", 1e3 * seconds(time)); }

std::string note_on(const ChannelInfo& info) {
  const double share = observed_share(info);
  if (share >= 1) {
    return "";
  }
  return fmt::format(
      "looks {} in every {}: what repeats at that period or a fraction of it is not observable",
      milliseconds(info.window),
      milliseconds(info.refresh));
}

/// Whether what repeats every `period` stays at the same place of a sensor's rhythm.
bool in_step(Duration period, Duration refresh) {
  constexpr double kTolerance = 0.02;
  constexpr double kHighest = 10;
  const double ratio = seconds(std::max(period, refresh)) / seconds(std::min(period, refresh));
  const double whole = std::round(ratio);
  return whole <= kHighest && std::abs(ratio - whole) <= kTolerance * whole;
}

}  // namespace

SensorModel sensor_model(const ChannelInfo& info) {
  return {info.refresh,
          info.power_max,
          info.power_min,
          info.window,
          info.lag,
          info.quantum,
          info.method == "power"};
}

std::string EnergyBook::blindness(Duration duration, std::optional<Duration> period) const {
  for (const Channel& channel : channels_) {
    const ChannelInfo& info = channel.info;
    if (!in_total(channel) || info.refresh == Duration{} || duration == Duration{}) {
      continue;
    }
    const Duration sight = std::max(info.refresh, info.window);
    if (duration < sight) {
      return fmt::format("{} long on average, {} tells no less than {}",
                         milliseconds(duration),
                         info.channel,
                         milliseconds(sight));
    }
    if (observed_share(info) < 1 && period && in_step(*period, info.refresh)) {
      return fmt::format("repeats every {}, in step with {}, which looks {} in every {}",
                         milliseconds(*period),
                         info.channel,
                         milliseconds(info.window),
                         milliseconds(info.refresh));
    }
  }
  return "";
}

std::size_t EnergyBook::add(ChannelInfo info, CumulativeSeries series) {
  channels_.push_back({std::move(info), std::move(series), {}});
  return channels_.size() - 1;
}

void EnergyBook::add_gap(std::size_t index, const GapAccount& gap) {
  channels_[index].gaps.push_back(gap);
}

std::optional<Energy> EnergyBook::energy(Instant begin, Instant end) const {
  std::optional<Energy> sum;
  for (const Channel& channel : channels_) {
    if (in_total(channel)) {
      sum = sum.value_or(Energy{}) + channel.series.at(end) - channel.series.at(begin);
    }
  }
  return sum;
}

std::optional<BoundedEnergy> EnergyBook::bounded(Instant begin, Instant end) const {
  std::optional<BoundedEnergy> sum;
  for (const Channel& channel : channels_) {
    if (in_total(channel)) {
      const BoundedEnergy part =
          bounded_window(channel.info, channel.series, channel.gaps, begin, end).energy;
      sum = sum.value_or(BoundedEnergy{});
      sum->energy += part.energy;
      sum->lo += part.lo;
      sum->hi += part.hi;
      sum->random_lo += part.random_lo;
      sum->random_hi += part.random_hi;
    }
  }
  return sum;
}

bool EnergyBook::stands_still(const Channel& channel) {
  const auto& values = channel.series.values();
  return channel.info.method == "counter" && !values.empty() && values.front() == values.back() &&
         std::any_of(channel.gaps.begin(), channel.gaps.end(), [](const GapAccount& gap) {
           return gap.reason == kStandsStill;
         });
}

double EnergyBook::coverage(const Channel& channel, Instant begin, Instant end) {
  if (stands_still(channel)) {
    return 0;
  }
  Duration lost{};
  for (const GapAccount& gap : channel.gaps) {
    // A counter that stands still was read all the same.
    const bool was_read = gap.reason == kStoodStill || gap.reason == kStandsStill;
    lost += gap.energy_lost && !was_read ? overlap(gap, begin, end) : Duration{};
  }
  const double share = end > begin ? seconds(lost) / seconds(end - begin) : 0;
  return std::max(0.0, channel.series.coverage(begin, end) - share);
}

double EnergyBook::coverage(Instant begin, Instant end) const {
  std::optional<double> least;
  for (const Channel& channel : channels_) {
    if (channel.info.in_total) {
      least = std::min(least.value_or(1), coverage(channel, begin, end));
    }
  }
  return least.value_or(0);
}

EnergyKind EnergyBook::kind() const {
  bool measured = false;
  bool estimated = false;
  for (const Channel& channel : channels_) {
    if (in_total(channel)) {
      (channel.info.kind == EnergyKind::measured ? measured : estimated) = true;
    }
  }
  return measured && estimated ? EnergyKind::mixed
         : measured            ? EnergyKind::measured
         : estimated           ? EnergyKind::estimated
                               : EnergyKind::missing;
}

ChannelAccount EnergyBook::channel(std::size_t index, Instant begin, Instant end) const {
  const Channel& channel = channels_[index];
  ChannelAccount account{channel.info, std::nullopt, coverage(channel, begin, end)};
  if (stands_still(channel)) {
    account.note = kStandsStill;
  } else if (channel.series.can_integrate()) {
    const BoundedWindow window =
        bounded_window(channel.info, channel.series, channel.gaps, begin, end);
    account.energy = window.energy;
    account.terms = window.terms;
    Duration assumed = channel.series.extrapolated(begin, end);
    for (const GapAccount& gap : channel.gaps) {
      assumed += gap.energy_lost ? overlap(gap, begin, end) : Duration{};
    }
    account.estimated_s = seconds(assumed);
    account.note = note_on(channel.info);
  }
  return account;
}

void EnergyBook::check(ChannelAccount& account,
                       std::size_t index,
                       std::span<const StateRow> powers,
                       Instant begin,
                       Instant end) const {
  const Channel& channel = channels_[index];
  if (channel.info.method != "counter") {
    return;
  }
  account.cross_check = cross_check(channel.series, channel.gaps, powers, begin, end);
  if (account.cross_check && account.note.empty()) {
    account.note = note_on(*account.cross_check);
  }
}

std::optional<Energy> EnergyBook::equation_1(Instant begin, Instant end) const {
  std::optional<Energy> sum;
  for (const Channel& channel : channels_) {
    if (!in_total(channel)) {
      continue;
    }
    const auto part = literal_equation_1(channel.series, begin, end);
    if (!part) {
      return std::nullopt;
    }
    sum = sum.value_or(Energy{}) + *part;
  }
  return sum;
}

}  // namespace gradwatt
