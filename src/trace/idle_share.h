#pragma once

#include "trace/energy_curve.h"
#include "trace/run_account.h"
#include "units/energy.h"

#include <optional>
#include <span>

namespace gradwatt {

/// How busy a device said it was, from `t_s` on until it says something else.
struct Utilisation {
  double t_s = 0;
  double percent = 0;
};

/// What a device used while it did nothing, as shares of its energy and of the time.
///
/// The curve is cut into cells of half a second, or of four readings where those are further apart.
/// A cell is idle when its mean power is at most 20 % above idle power and its mean utilisation at
/// most 5 %, whichever of the two is known; cells of unknown power do not count.
///
/// nullopt when neither is known, and for fewer than 10 cells.
/// Example  100 W for 10 s, then 22 W for 10 s, idle power 20 W: 0.18 of the energy, 0.5 of the
///          time.
[[nodiscard]] std::optional<IdleShare> idle_share(const EnergyCurve& curve,
                                                  std::optional<Power> idle,
                                                  std::span<const Utilisation> utilisation);

}  // namespace gradwatt
