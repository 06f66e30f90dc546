#pragma once

#include "record/node_file.h"
#include "record/node_part.h"
#include "trace/run_account.h"

#include <filesystem>
#include <vector>

namespace gradwatt {

/// What a run of a job consumed: the sum over its nodes, each of which counted itself once.
///
/// Rank 0's marks make the epochs; their times are laid on each node's readings by the offset of
/// its clock, and what that offset may be wrong by widens their intervals (record/run_book.h).
/// Channels are named NODE/CHANNEL. When a node is missing or has measured nothing the total is not
/// known: its nodes are, one by one.
/// Throws Error when a part has no node file.
[[nodiscard]] RunAccount joint_account(const std::vector<NodeRecord>& records,
                                       const std::vector<NodePart>& parts,
                                       const std::filesystem::path& folder);

}  // namespace gradwatt
