#include "trace/energy_book.h"

#include <algorithm>

namespace gradwatt {
namespace {

Duration overlap(const GapAccount& gap, Instant begin, Instant end) {
  const Instant from = std::max(begin, gap.begin);
  const Instant to = std::min(end, gap.end);
  return from < to ? to - from : Duration{};
}

/// The middle distance between readings: what a regular grid would have.
Duration usual_interval(const std::vector<Instant>& times) {
  std::vector<Duration> steps;
  for (std::size_t i = 1; i < times.size(); ++i) {
    steps.push_back(times[i] - times[i - 1]);
  }
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  return *middle;
}

std::optional<double> mean_power_w(const CumulativeSeries& series, Instant begin, Instant end) {
  const auto& times = series.times();
  const Duration usual = usual_interval(times);
  double sum = 0;
  int count = 0;
  const auto first = std::upper_bound(times.begin(), times.end(), begin);
  for (auto i = static_cast<std::size_t>(first - times.begin());
       i < times.size() && times[i] <= end;
       ++i) {
    // Readings taken beside the grid, at a mark, are too close to their neighbour for a power.
    if (i > 0 && 2 * (times[i] - times[i - 1]) > usual) {
      sum +=
          (series.values()[i] - series.values()[i - 1]).joules() / seconds(times[i] - times[i - 1]);
      ++count;
    }
  }
  return count > 0 ? std::optional(sum / count) : std::nullopt;
}

}  // namespace

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

BoundedEnergy EnergyBook::bounded(const Channel& channel, Instant begin, Instant end) {
  const Energy energy = channel.series.at(end) - channel.series.at(begin);
  const auto from = channel.series.bounds(begin);
  const auto to = channel.series.bounds(end);
  const double least = std::max(0.0, (to.lo - from.hi).joules());
  double most = std::max(energy, to.hi - from.lo).joules();
  for (const GapAccount& gap : channel.gaps) {
    if (gap.energy_lost && channel.info.power_max) {
      most += channel.info.power_max->watts * seconds(overlap(gap, begin, end));
    }
  }
  return {energy,
          std::min(energy, Energy::from_joules(least * (1 - channel.info.gain_lo))),
          std::max(energy, Energy::from_joules(most * (1 + channel.info.gain_hi)))};
}

std::optional<BoundedEnergy> EnergyBook::bounded(Instant begin, Instant end) const {
  std::optional<BoundedEnergy> sum;
  for (const Channel& channel : channels_) {
    if (in_total(channel)) {
      const BoundedEnergy part = bounded(channel, begin, end);
      sum = sum.value_or(BoundedEnergy{});
      sum->energy += part.energy;
      sum->lo += part.lo;
      sum->hi += part.hi;
    }
  }
  return sum;
}

double EnergyBook::coverage(const Channel& channel, Instant begin, Instant end) {
  Duration lost{};
  for (const GapAccount& gap : channel.gaps) {
    lost += gap.energy_lost ? overlap(gap, begin, end) : Duration{};
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
  if (channel.series.can_integrate()) {
    account.energy = bounded(channel, begin, end);
  }
  return account;
}

std::optional<Energy> EnergyBook::equation_1(Instant begin, Instant end) const {
  std::optional<Energy> sum;
  for (const Channel& channel : channels_) {
    if (!in_total(channel)) {
      continue;
    }
    const auto watts = mean_power_w(channel.series, begin, end);
    if (!watts) {
      return std::nullopt;
    }
    sum = sum.value_or(Energy{}) + Power{*watts} * (end - begin);
  }
  return sum;
}

}  // namespace gradwatt
