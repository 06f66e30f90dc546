#pragma once

#include "analyze/compared_sides.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// Something apart from the settings that was not the same on two sides.
struct EnvironmentDifference {
  std::string name;      ///< "host", "cpu", "git_commit", "energy", "power_limit", ...
  std::size_t side = 1;  ///< Whose value differs from the first side's.
  std::string of;        ///< Its values, joined by " or ".
  std::string against;   ///< The first side's.
  /// Whether it makes the sides unlike in how they were measured, so that a difference of energy
  /// may come from it. The code that was run and the shape of the job are what one may want to
  /// compare: they are named and do not forbid it.
  bool forbids = true;
};

/// What differs between each side and the first, over their finished runs. What only one of them
/// recorded is not known to differ; what names a single job (its id, its rank) is left out, and so
/// is `compared`, the factor by which sides were made. A power limit that is a factor of a run
/// (is_power_limit_factor) is one of its settings.
/// Example  Runs on hosts n1 and n2 against runs on n1: "host", "n1 or n2" against "n1".
[[nodiscard]] std::vector<EnvironmentDifference> environment_differences(
    std::span<const SideRuns> sides, std::string_view compared);

/// What was not the same for all finished runs of one table, and may itself change their energy.
struct MixedEnvironment {
  std::string name;    ///< "host", "cpu", "energy", "power_limit", ...
  std::string values;  ///< Joined by " or ".
};

/// Example  Runs on hosts n1 and n2: "host", "n1 or n2".
[[nodiscard]] std::vector<MixedEnvironment> mixed_environment(std::span<const RunRow> runs);

}  // namespace gradwatt
