#pragma once

#include "units/energy.h"
#include "units/instant.h"

#include <optional>
#include <string_view>

namespace gradwatt {

/// Reads an energy as people write it: a number and one of J kJ MJ GJ Wh kWh MWh, with or without a
/// space between. nullopt when `text` is anything else, negative or beyond ±9.2 TJ.
/// Example: "500 Wh" is 1.8 MJ (1 Wh = 3600 J).
[[nodiscard]] std::optional<Energy> parse_energy(std::string_view text);

/// Reads a time as people write it: a number and one of ms s min h, with or without a space.
/// nullopt when `text` is anything else, negative or longer than ten years.
/// Example: "2 min" is 120 s.
[[nodiscard]] std::optional<Duration> parse_duration(std::string_view text);

}  // namespace gradwatt
