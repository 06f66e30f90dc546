#include "units/quantity_text.h"

#include "base/file.h"

#include <array>
#include <charconv>
#include <cmath>
#include <span>
#include <system_error>

namespace gradwatt {
namespace {

struct Unit {
  std::string_view name;
  double factor;
};

constexpr std::array<Unit, 7> kEnergyUnits{{{"J", 1},
                                            {"kJ", 1e3},
                                            {"MJ", 1e6},
                                            {"GJ", 1e9},
                                            {"Wh", 3600},
                                            {"kWh", 3.6e6},
                                            {"MWh", 3.6e9}}};
constexpr std::array<Unit, 4> kTimeUnits{{{"ms", 1e-3}, {"s", 1}, {"min", 60}, {"h", 3600}}};

/// The number times its unit's factor.
std::optional<double> in_base_units(std::string_view text, std::span<const Unit> units) {
  text = trimmed(text);
  double number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || !std::isfinite(number) || std::signbit(number)) {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
  const std::string_view name = trimmed(text);
  for (const Unit& unit : units) {
    if (unit.name == name) {
      return number * unit.factor;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Energy> parse_energy(std::string_view text) {
  constexpr double kJoulesMax = 9.2e12;
  const auto joules = in_base_units(text, kEnergyUnits);
  if (!joules || *joules > kJoulesMax) {
    return std::nullopt;
  }
  return Energy::from_joules(*joules);
}

std::optional<Duration> parse_duration(std::string_view text) {
  constexpr double kSecondsMax = 10 * 365.25 * 86400;
  const auto time = in_base_units(text, kTimeUnits);
  if (!time || *time > kSecondsMax) {
    return std::nullopt;
  }
  return from_seconds(*time);
}

}  // namespace gradwatt
