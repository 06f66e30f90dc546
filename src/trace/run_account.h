#pragma once

#include "units/energy.h"
#include "units/instant.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// How an energy is known. Unknown is `missing`, never 0.
enum class EnergyKind { measured, estimated, mixed, missing };

/// An energy with the interval that holds the truth.
///
/// [lo, hi] is everything: the sensor's gain (k = 2), the window's edges, what the sensor could not
/// see, and gaps. [random_lo, random_hi] leaves out what is the same in every measurement with this
/// device, the gain and the blind share of its time: differences on one device use it.
struct BoundedEnergy {
  Energy energy;
  Energy lo;
  Energy hi;
  Energy random_lo = lo;
  Energy random_hi = hi;
};

/// What makes an interval as wide as it is, each as its share of the half width, in joules.
struct EnergyTerms {
  double gain_j = 0;      ///< Systematic: the sensor's scale.
  double edge_j = 0;      ///< Random: where between two readings the window begins and ends.
  double aliasing_j = 0;  ///< What a sensor that looks only part of the time did not see.
  double gap_j = 0;       ///< Stretches whose energy is lost.
};

/// One channel of one source: something whose energy was counted or modelled.
struct ChannelInfo {
  std::string channel;  ///< Unique in a run: "pkg0", "dram0", "cpu-model".
  std::string device;   ///< What it sits in: "package-0", a GPU's UUID, a CPU model's name.
  std::string source;   ///< Catalog name of the power source: "rapl", "cpu-model".
  std::string method;   ///< "counter", "power" or "model".
  std::string scope;    ///< What it covers: "cpu-package", "dram", "node-share", ...
  EnergyKind kind = EnergyKind::measured;
  bool in_total = false;           ///< Part of the run's total: totals never overlap.
  double gain_lo = 0;              ///< Relative systematic error: truth >= energy * (1 - gain_lo).
  double gain_hi = 0;              ///< truth <= energy * (1 + gain_hi).
  Duration refresh{};              ///< How old a reading can be: the sensor's update period.
  std::optional<Power> power_max;  ///< No reading can rise faster: bounds energy between readings.
  Duration window{};   ///< Power sensors: each reading is the mean over so long. 0: not known.
  Duration lag{};      ///< Power sensors: that window ended so long before the update.
  Power power_min{0};  ///< The device never draws less; 0 unless its idle power was measured.
  Energy quantum{};    ///< Counters: the truth is less than this above a reading.
  std::string basis;   ///< Where the error bound and any model's numbers come from.
};

/// In the basis of a channel that is not in the total: what follows says why.
inline constexpr std::string_view kNotAdded = "not added: ";

/// A counter against the power that the same device told meanwhile; see trace/cross_check.h.
struct CrossCheck {
  double ratio = 0;           ///< Counted energy / (mean of the power x time).
  std::int64_t readings = 0;  ///< Of the power.
  bool plausible = true;
};

/// What a device used while it did nothing; see trace/idle_share.h.
struct IdleShare {
  double energy = 0;  ///< Share of its energy, 0..1.
  double time = 0;    ///< Share of the time.
};

struct ChannelAccount {
  ChannelInfo info;
  std::optional<BoundedEnergy> energy;  ///< Absent: nothing was read.
  double coverage = 0;                  ///< Share of the window between two good readings, 0..1.
  EnergyTerms terms;
  double estimated_s = 0;  ///< Seconds of the window bridged by an assumption, not by a reading.
  /// Counters beside which the device's power was noted; absent: too few readings of it.
  std::optional<CrossCheck> cross_check;
  std::string note;               ///< What a reader must know of this number; empty: nothing.
  std::optional<IdleShare> idle;  ///< Absent: neither its idle power nor its utilisation is known.
};

/// Energy and time of a named phase, summed over its occurrences in an epoch.
struct PhaseAccount {
  std::string name;
  std::optional<Energy> energy;
  Duration duration{};
  int count = 0;
  /// The interval of `energy`; absent with it.
  std::optional<BoundedEnergy> bounds;
  /// Why the sensors cannot tell this phase's energy; empty: they can.
  std::string not_observable;
};

struct EpochAccount {
  int epoch = 0;
  Instant begin;
  Instant end;
  std::optional<BoundedEnergy> energy;
  std::optional<Energy> energy_eq1;  ///< Study 1's Equation 1, for comparison only.
  double coverage = 0;
  std::optional<std::int64_t> samples;
  std::optional<std::int64_t> steps;
  std::map<std::string, double> metrics;
  std::vector<PhaseAccount> phases;
  bool complete = true;  ///< false: the run ended, or an epoch began anew, before its end.
};

/// A stretch in which a channel could not be read as planned.
struct GapAccount {
  std::string channel;
  Instant begin;
  Instant end;
  std::string reason;
  int errno_value = 0;       ///< 0: not a failed system call.
  bool energy_lost = false;  ///< false: a counter bridges it, only the resolution suffered.
  /// Where energy is lost: what the stretch consumed at least and at most, and what the readings
  /// behind it assume. Absent `most`: power_max decides.
  Energy least;
  Energy assumed;
  std::optional<Energy> most;
};

/// Reasons that other parts look for.
inline constexpr const char* kSlowReading = "a slow reading";  ///< Only its time is uncertain.
inline constexpr const char* kStoodStill = "the counter stood still";
inline constexpr const char* kStandsStill = "the counter stands still";

/// What measuring itself cost and how well it kept its times. Absent: the monitor was killed.
struct MonitorAccount {
  std::optional<double> cpu_s;        ///< CPU time of gradwatt, not of the command.
  std::optional<double> child_cpu_s;  ///< CPU time of the command and all it waited for.
  std::optional<std::int64_t> readings;
  std::optional<std::int64_t> late;  ///< Grid times missed by more than one interval.
  std::optional<double> reading_s;   ///< Time spent inside reads, of all sources.
  std::int64_t marks_rejected = 0;
  std::int64_t marks_unmatched = 0;
  std::int64_t marks_unknown = 0;
};

/// One node of a run that several nodes measured.
struct NodeAccount {
  std::string node;
  bool finished = false;  ///< Its monitor lived to the end. false: it died, or there is no record.
  std::optional<BoundedEnergy> energy;  ///< Absent: nothing was measured there.
  EnergyKind kind = EnergyKind::missing;
  double coverage = 0;
  std::optional<Duration> duration;
  /// What is added to its monotonic clock to get that of the node whose marks make the epochs.
  std::optional<Duration> clock_offset;
  /// How far that can be off, to either side. Absent: the wall clocks are not known to agree.
  std::optional<Duration> clock_uncertainty;
  std::map<int, std::optional<int>> ranks;  ///< Exit status of the processes that ran there.
};

/// What one run consumed, as plain values: derived from samples and marks, never stored.
/// Law: the epochs' energies and `outside_epochs` add up to `total`, to the microjoule.
struct RunAccount {
  Instant begin;
  Instant end;
  EnergyKind kind = EnergyKind::missing;
  std::optional<BoundedEnergy> total;
  std::vector<ChannelAccount> channels;
  std::vector<EpochAccount> epochs;
  std::optional<Energy> outside_epochs;
  Duration outside_duration{};
  std::vector<PhaseAccount> outside_phases;  ///< Phases marked while no epoch was open.
  std::optional<int> epochs_total;           ///< As announced by EPOCHS_TOTAL.
  std::map<std::string, double> metrics;     ///< Sent before the first epoch.
  std::map<std::string, std::string> params;
  std::map<std::string, std::string> tags;
  std::vector<std::string> notes;
  MonitorAccount monitor;
  std::vector<GapAccount> gaps;
  std::vector<NodeAccount> nodes;     ///< Of a job with several processes; empty: an ordinary run.
  std::optional<int> nodes_expected;  ///< As the launcher said.
  /// Share of the total that its channels used while they did nothing; record/idle_shares.h.
  std::optional<double> idle_share;
  /// In whole watts, every limit that a device of the total had meanwhile: sorted, each once.
  /// Empty: none told one; record/power_limits.h.
  std::vector<double> power_limits_w;
  /// Why there is no total although something was measured; empty: there is, or nothing was.
  std::string why_no_total;
};

[[nodiscard]] const char* name_of(EnergyKind kind);

}  // namespace gradwatt
