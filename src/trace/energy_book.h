#pragma once

#include "trace/cumulative.h"
#include "trace/run_account.h"
#include "trace/sample.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gradwatt {

/// All channels of one run as functions of time: answers what any window consumed.
class EnergyBook {
 public:
  /// Adds a channel with its readings. Returns its index.
  std::size_t add(ChannelInfo info, CumulativeSeries series);
  /// Notes a stretch in which channel `index` could not be followed.
  void add_gap(std::size_t index, const GapAccount& gap);

  [[nodiscard]] std::size_t size() const { return channels_.size(); }
  [[nodiscard]] const ChannelInfo& info(std::size_t index) const { return channels_[index].info; }

  /// The total over the channels in the total; nullopt when none of them can be integrated:
  /// there are no readings, or the counter stood still from the first to the last.
  /// Windows that meet add up to the microjoule.
  [[nodiscard]] std::optional<Energy> energy(Instant begin, Instant end) const;
  [[nodiscard]] std::optional<BoundedEnergy> bounded(Instant begin, Instant end) const;
  /// The least covered channel of the total decides.
  [[nodiscard]] double coverage(Instant begin, Instant end) const;
  [[nodiscard]] EnergyKind kind() const;
  [[nodiscard]] ChannelAccount channel(std::size_t index, Instant begin, Instant end) const;
  /// Compares a counter with `powers`, what its device told of its power; see trace/cross_check.h.
  void check(ChannelAccount& account,
             std::size_t index,
             std::span<const StateRow> powers,
             Instant begin,
             Instant end) const;

  /// Why the sensors of the total cannot tell windows that last `duration` on average and, where
  /// they repeat, follow each other every `period`. Empty: they can.
  [[nodiscard]] std::string blindness(Duration duration, std::optional<Duration> period) const;

  /// Study 1's Equation 1 to the letter, summed over the channels of the total:
  ///
  ///   E = (sum of power(i) over i = 0 ... n) / n · time
  ///
  /// n + 1 samples over n. They are taken once a second from the window's begin to its end, as the
  /// study did; each is the mean power of the second before it, as its graphics card shows it. A
  /// moment before which nothing was read has no sample.
  /// Returns   nullopt with fewer than two samples: the equation divides by 0 then.
  /// Source    Geissler et al., The Power of Training, 2024, Equation 1.
  /// Example   100 W throughout a window of 4 s: 5 samples, 500 W / 4 · 4 s = 500 J instead of 400.
  [[nodiscard]] std::optional<Energy> equation_1(Instant begin, Instant end) const;

 private:
  struct Channel {
    ChannelInfo info;
    CumulativeSeries series;
    std::vector<GapAccount> gaps;
  };
  [[nodiscard]] static double coverage(const Channel& channel, Instant begin, Instant end);
  [[nodiscard]] static bool stands_still(const Channel& channel);
  /// A counter that never moved tells as much as one that was never read.
  [[nodiscard]] static bool is_known(const Channel& channel) {
    return channel.series.can_integrate() && !stands_still(channel);
  }
  [[nodiscard]] static bool in_total(const Channel& channel) {
    return channel.info.in_total && is_known(channel);
  }

  std::vector<Channel> channels_;
};

/// The sensor model that a channel's description gives.
[[nodiscard]] SensorModel sensor_model(const ChannelInfo& info);

}  // namespace gradwatt
