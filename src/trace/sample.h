#pragma once

#include "trace/run_account.h"

#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// One reading of one source: the cumulative energy of each of its channels since the run began.
struct SampleRow {
  int source = 0;  ///< Index into the run's sources.
  Instant time;
  std::vector<std::optional<Energy>> channels;  ///< nullopt: this channel could not be read.
  /// What power sensors said; nullopt for counters. Empty: the source has counters only.
  std::vector<std::optional<Power>> powers;
};

/// Something worth knowing of a device besides its energy, noted when it changed: its temperature,
/// clocks, utilisation, power limit. Names carry the unit: "temperature_c", "power_w".
struct StateRow {
  int source = 0;
  Instant time;
  std::string device;
  std::string name;
  double value = 0;
};

/// Whether a state is of the device that a channel of the same source measures: it may go by the
/// channel's name or by the device's own.
[[nodiscard]] inline bool is_state_of(const StateRow& row, const ChannelInfo& channel) {
  return row.device == channel.channel || row.device == channel.device;
}

/// The name under which counters' devices tell their power.
inline constexpr const char* kPowerState = "power_w";

struct GapRow {
  int source = 0;
  GapAccount gap;
};

/// The channels of one source, in the order of its columns.
struct SourceColumns {
  std::string source;
  std::vector<ChannelInfo> channels;
};

}  // namespace gradwatt
