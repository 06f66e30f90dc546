#pragma once

#include <optional>
#include <string_view>

namespace gradwatt {

/// What a choice makes small. `edp` is the energy-delay product E * T: a setup that needs half the
/// energy may take up to twice the time.
/// Source  Gonzalez and Horowitz, Energy dissipation in general purpose microprocessors,
///         IEEE J. Solid-State Circuits 31(9):1277, 1996.
enum class Minimise { energy, time, edp };

/// "energy", "time" or "edp", and back.
[[nodiscard]] const char* name_of(Minimise what);
[[nodiscard]] std::optional<Minimise> minimise_named(std::string_view name);

/// "J", "s" or "J s".
[[nodiscard]] const char* unit_of(Minimise what);

/// The number to make small, from joules and seconds; absent when one that it takes is.
/// Example  edp of 100 J and 20 s: 2000 J s.
[[nodiscard]] std::optional<double> cost_of(Minimise what,
                                            std::optional<double> energy_j,
                                            std::optional<double> time_s);

}  // namespace gradwatt
