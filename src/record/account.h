#pragma once

#include "record/node_file.h"
#include "trace/run_account.h"

#include <filesystem>

namespace gradwatt {

/// What the run in `folder` consumed: its samples and marks, read and joined. Works on finished and
/// interrupted runs. Throws Error when its node file is absent, damaged or still being written.
[[nodiscard]] RunAccount account_of(const std::filesystem::path& folder);

/// The same for a record already in memory.
///
/// The energy of a window is E(end) - E(begin) with E the sum over the channels of the total, so
/// epochs and the time outside them add up to the total exactly. Bounds: what the power could have
/// done between the readings next to the window's ends, then the channels' gain, then what
/// plausible power could have drawn in stretches whose energy is lost.
[[nodiscard]] RunAccount account_of(const NodeRecord& record);

}  // namespace gradwatt
