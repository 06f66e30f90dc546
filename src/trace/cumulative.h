#pragma once

#include "units/energy.h"
#include "units/instant.h"

#include <optional>
#include <vector>

namespace gradwatt {

/// What is known of the sensor behind a series; the fields of ChannelInfo that time depends on.
struct SensorModel {
  Duration refresh{};              ///< The sensor renews its value this often; 0: always fresh.
  std::optional<Power> power_max;  ///< The steepest possible rise.
  Power power_min{};               ///< The least steep one.
  Duration window{};               ///< Power sensors: each value is a mean over so long;
  Duration lag{};                  ///< it ended so long before the update.
  Energy quantum{};                ///< Counters: the truth is less than this above a value.
  bool integrates_power = false;   ///< A power sensor's integral, not a counter.
};

/// One value that a power sensor showed.
struct ShownPower {
  Instant time;
  Power power;
};

/// The cumulative energy of one channel as a function of time, made from its readings.
///
/// A counter that is renewed every so often shows, at any time, the energy up to its last renewal.
/// When that was is known between two readings: the last with the old value and the first with the
/// new one, or `refresh` before the latter. The function is a straight line between the middles of
/// these brackets, so readings of a value that was not renewed do not bend it. Counters renewed
/// within 0.1 ms are taken at their readings' times.
/// A power sensor's integral is moved back by half its window, half its update period and its lag:
/// the time by which what it shows is late.
/// One function of time gives every window's energy as a difference of two values, so windows that
/// meet add up exactly.
class CumulativeSeries {
 public:
  explicit CumulativeSeries(const SensorModel& model = {}) : model_(model) {}

  /// Adds a reading; times must rise, energies must not fall. `slack`: the reading's time is
  /// uncertain by so much either way. `shown`: what a power sensor said, where it was asked.
  void add(Instant time,
           Energy since_begin,
           Duration slack = {},
           std::optional<Power> shown = std::nullopt);

  [[nodiscard]] bool can_integrate() const { return times_.size() >= 2; }

  /// The energy since the series began, at `time`, rounded down to whole microjoules; before the
  /// first known instant its value, behind the last one that of the last reading's time: a counter
  /// not renewed since is taken to go on at the power of its last second.
  /// Example: 0 J at 0 s and 100 J at 10 s give 25 J at 2.5 s.
  [[nodiscard]] Energy at(Instant time) const;

  /// The least and the most that can have been consumed by `time`, whatever the power did within
  /// its limits: every reading says that the energy at its renewal was its value, and bounds the
  /// energy at `time` from there.
  struct Bounds {
    Energy lo;
    Energy hi;
  };
  [[nodiscard]] Bounds bounds(Instant time) const;

  /// The share of [begin, end) that lies between the first and the last reading, 0..1.
  [[nodiscard]] double coverage(Instant begin, Instant end) const;

  /// How much of [begin, end) is behind the last thing the readings tell.
  [[nodiscard]] Duration extrapolated(Instant begin, Instant end) const;

  /// How unsteady a power sensor's display was in a window.
  struct Variation {
    double steps_w2 = 0;  ///< Sum of the squared steps between neighbouring readings.
    double net_w = 0;     ///< From the first to the last.
    Duration step{};      ///< The mean time between readings.
  };
  [[nodiscard]] Variation variation(Instant begin, Instant end) const;

  /// A stretch between two readings of a power sensor that were so far apart that it showed values
  /// nobody read: for `time` of it nothing is known, and `assumed` is what was taken for it.
  struct Unseen {
    Instant begin;  ///< Of the time that the values are of, not of the readings.
    Instant end;
    Duration time{};
    Energy assumed;
  };
  [[nodiscard]] const std::vector<Unseen>& unseen() const { return unseen_; }

  /// What a power sensor said at which readings.
  [[nodiscard]] const std::vector<ShownPower>& shown() const { return shown_; }

  [[nodiscard]] const SensorModel& model() const { return model_; }
  [[nodiscard]] const std::vector<Instant>& times() const { return times_; }
  [[nodiscard]] const std::vector<Energy>& values() const { return values_; }

  /// By how much a power sensor's display is late.
  [[nodiscard]] Duration display_delay() const;

 private:
  struct Knot {
    Instant time;
    Energy value;
  };
  [[nodiscard]] bool is_stepped() const;
  [[nodiscard]] Duration oldest() const;
  [[nodiscard]] Duration slack(std::size_t i) const {
    return slack_.empty() ? Duration{} : slack_[i];
  }
  [[nodiscard]] Instant earliest_renewal(std::size_t i) const;
  [[nodiscard]] Bounds counter_bounds(Instant time) const;
  [[nodiscard]] Bounds integral_bounds(Instant time) const;
  [[nodiscard]] std::optional<Knot> beyond() const;
  [[nodiscard]] Power recent_power() const;
  void add_knot(Instant time, Energy value);
  void note_reading(std::size_t i);
  void note_roughness(std::size_t i);
  void note_unseen(std::size_t i);

  SensorModel model_;
  std::vector<Instant> times_;
  std::vector<Energy> values_;
  std::vector<std::size_t> first_;  ///< For each reading: the first that showed its value.
  std::vector<Duration> slack_;     ///< Empty while all are zero.
  std::vector<Knot> knots_;
  std::vector<double> roughness_;  ///< Power sensors: sum of squared steps up to each reading.
  double shown_w_ = 0;             ///< The mean of the last two values shown.
  std::vector<ShownPower> shown_;
  bool renews_faster_ = false;  ///< Than its update period says: that bounds nothing then.
  std::vector<Unseen> unseen_;
};

}  // namespace gradwatt
