#pragma once

#include <string>
#include <vector>

namespace gradwatt {

/// Starts this program `ranks` times with the same arguments, as the ranks of one training on this
/// machine, and waits for them. SIGINT, SIGTERM and SIGHUP go on to them; they end with this one.
///
/// When a rank fails, the others get a few seconds to say so and are then ended. The reason goes to
/// stderr and, as a NOTE, to a measuring gradwatt.
/// Returns   0, or the exit status of the rank that failed first (128 + signal).
[[nodiscard]] int run_local_ranks(int ranks, const std::vector<std::string>& arguments);

}  // namespace gradwatt
