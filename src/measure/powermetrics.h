#pragma once

#include "trace/run_account.h"
#include "units/energy.h"
#include "units/instant.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// One interval that macOS's `powermetrics` tells of.
struct PowermetricsSample {
  Duration elapsed{};           ///< Its length, as powermetrics measured it.
  std::optional<WallTime> end;  ///< When it ended, to the second; absent: no date was given.
  /// "cpu", "gpu", "ane", "dram" on Apple's chips, "package" where only a sum is told (Intel).
  /// None contains another.
  std::map<std::string, Energy> energies;
};

struct PowermetricsLog {
  std::vector<PowermetricsSample> samples;
  bool last_was_cut = false;  ///< The last record was incomplete and left out.
};

/// Reads what `powermetrics --samplers cpu_power,gpu_power,ane_power [-f plist]` wrote: text, or
/// property lists with a NUL byte between them.
///
///   E = P * elapsed     where a power is told
///   E = the energy      where only that is (whole mJ, so it loses up to 1 mJ each time)
///
/// The clusters' powers are parts of the CPU's and taken only where that is absent; a sum
/// ("Combined Power", "Package Power") only where its parts are; a power told in two sections
/// counts once.
///
/// Takes     the whole text; `where` names it in errors.
/// Returns   the samples in order; a record that the end of the text cuts off is left out.
/// Throws    Error with the line for other input, and where no record holds a power.
/// Example   "(1000.00ms elapsed)" and "CPU Power: 1500 mW" are 1.5 J of "cpu".
[[nodiscard]] PowermetricsLog parse_powermetrics(std::string_view text, std::string_view where);

/// The channels that occur in `samples`, by name, with scope, error bound and basis.
[[nodiscard]] std::vector<ChannelInfo> powermetrics_channels(
    const std::vector<PowermetricsSample>& samples);

}  // namespace gradwatt
