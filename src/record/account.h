#pragma once

#include "record/node_file.h"
#include "record/node_part.h"
#include "trace/run_account.h"

#include <filesystem>

namespace gradwatt {

/// What the run in `folder` consumed: its samples and marks, read and joined. Works on finished and
/// interrupted runs, of one node or of several (record/joint_account.h). Throws Error when a node
/// file is absent, damaged or still being written.
[[nodiscard]] RunAccount account_of(const std::filesystem::path& folder);

/// The same for what is already in memory: all node files and parts of the run in `folder`.
[[nodiscard]] RunAccount account_of(const std::vector<NodeRecord>& records,
                                    const std::vector<NodePart>& parts,
                                    const std::filesystem::path& folder);

/// The account of one node's record.
///
/// The energy of a window is E(end) - E(begin) with E the sum over the channels of the total, so
/// epochs and the time outside them add up to the total exactly. Bounds: what the power could have
/// done between the readings next to the window's ends, then the channels' gain, then what
/// plausible power could have drawn in stretches whose energy is lost.
[[nodiscard]] RunAccount account_of(const NodeRecord& record);

}  // namespace gradwatt
