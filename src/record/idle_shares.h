#pragma once

#include "record/node_file.h"
#include "trace/run_account.h"
#include "trace/run_calibration.h"

#include <optional>
#include <vector>

namespace gradwatt {

/// Says of each channel of the total what share of its energy it used while it did nothing
/// (trace/idle_share.h), and of the run
///
///   idle_share = sum over channels (idle share of its energy x its energy) / total
///
/// A channel of which that is not known adds nothing, so the share is one at least. A GPU's idle
/// power is that with a context open, where it was calibrated.
/// Takes  records: those that `account` was made of.
void add_idle_shares(RunAccount& account,
                     const std::vector<NodeRecord>& records,
                     const std::optional<RunCalibration>& calibration);

}  // namespace gradwatt
