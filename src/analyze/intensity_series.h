#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// Carbon intensity from a moment on, until the next one.
struct IntensityPoint {
  double unix_s = 0;  ///< Seconds since 1970 in UTC.
  double g_per_kwh = 0;
};

/// The carbon intensity of a grid over time: steps, as grid operators publish them.
struct IntensitySeries {
  std::vector<IntensityPoint> points;  ///< At least two, times rise.
  std::string file;

  [[nodiscard]] double begin_s() const { return points.front().unix_s; }
  /// The last value holds as long as the one before it did.
  [[nodiscard]] double end_s() const {
    return 2 * points.back().unix_s - points[points.size() - 2].unix_s;
  }
};

/// Reads CSV text with the columns `t` and `g_per_kwh`; others are ignored. A time is in seconds
/// since 1970, or "2026-01-31T12:00Z" with or without seconds, with a Z, an offset as +01:00, or
/// nothing, which is UTC. Lines that begin with '#' may stand in front.
///
/// Throws UsageError with file and line for what is no time or number, times that do not rise,
/// intensities below 0, and fewer than two rows.
/// Example  "t,g_per_kwh\n2026-01-31T12:00Z,200\n2026-01-31T13:00Z,300\n"
[[nodiscard]] IntensitySeries parse_intensity_series(std::string_view csv, const std::string& file);

/// Energy used between two moments, evenly.
struct EnergyPiece {
  double begin_s = 0;  ///< Seconds since 1970.
  double end_s = 0;    ///< Not before `begin_s`.
  double energy_j = 0;
};

/// The intensity that the energy of all pieces has together:
///
///   I = sum(E_i * I(t_i)) / sum(E_i)
///
/// a piece being cut where the series steps. Without any energy the time weighs.
///
/// Takes    shift_s: how much later everything is pretended to have happened.
/// Returns  nullopt when the series does not cover all pieces, or there is no piece.
/// Example  200 g/kWh until noon, 300 after: 10 J before and 30 J after noon make 275 g/kWh.
[[nodiscard]] std::optional<double> weighted_intensity(const IntensitySeries& series,
                                                       std::span<const EnergyPiece> pieces,
                                                       double shift_s = 0);

}  // namespace gradwatt
