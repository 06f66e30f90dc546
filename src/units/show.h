#pragma once

#include "units/energy.h"
#include "units/instant.h"

#include <optional>
#include <string>
#include <string_view>

namespace gradwatt {

/// Three significant digits and a prefix, for people only: 84'213 J is "84.2 kJ".
[[nodiscard]] std::string show_energy(double joules);
[[nodiscard]] inline std::string show_energy(Energy energy) { return show_energy(energy.joules()); }

/// "312 W", "1.24 kW", "86 mW".
[[nodiscard]] std::string show_power(Power power);

/// "850 ms", "12.3 s", "3 min 06 s", "2 h 05 min".
[[nodiscard]] std::string show_duration(Duration time);

/// ISO 8601 in UTC with milliseconds: "2026-01-31T12:00:00.000Z".
[[nodiscard]] std::string show_utc(WallTime time);

/// Reads what show_utc writes. nullopt when `text` is not of that form.
[[nodiscard]] std::optional<WallTime> parse_utc(std::string_view text);

/// `text` without control characters (C0, C1, DEL and bidirectional overrides), so that a name
/// taken from a user's program cannot steer the reader's terminal.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace gradwatt
