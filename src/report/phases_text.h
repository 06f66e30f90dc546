#pragma once

#include "trace/run_account.h"

#include <string>

namespace gradwatt {

/// Shares of the run's energy by phase, largest first; empty when none is known.
[[nodiscard]] std::string phase_line(const RunAccount& account);

/// Time and energy of each phase in an epoch, in the mean over complete epochs, and outside of
/// epochs; empty without phases.
[[nodiscard]] std::string phases_table(const RunAccount& account);

}  // namespace gradwatt
