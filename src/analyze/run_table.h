#pragma once

#include "analyze/table.h"

#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// Anybody's measurements, read from a table.
struct RunTable {
  std::vector<RunRow> runs;        ///< In the order in which they first appear.
  std::vector<std::string> notes;  ///< What was not used, and why; one sentence each.
};

/// Reads a CSV text with a heading: one row per run, or one per epoch when there is a column
/// `epoch`. Columns, in any order, all but the energies and times optional:
///
///   run                        id; absent: each row is a run, or each set of factors and repeat
///   factor.NAME repeat         what was varied, as literal text; which repeat
///   epoch                      whole number; empty: the row is about the whole run
///   energy_j duration_s        of the row
///   metric.NAME                after the row's training
///   samples updates gpu_hours  of the row
///   gpus nodes global_batch local_batch reached device_power_limit_w   of the run
///
/// An empty field, "nan" or "NA" is not known. Fields may be quoted as RFC 4180 says. A number of
/// the run that varies among runs with equal factors (their GPUs, batch sizes, nodes or power
/// limit) becomes a factor itself, because it was evidently varied.
///
/// A run of which only epochs are told has spent their sum; whether it did anything outside them
/// is not known.
///
/// Takes    file: its name, for messages.
/// Throws   UsageError "FILE:LINE" when a field is no number, a column or row says nothing, an
///          epoch comes twice, or rows of one run contradict each other.
/// Example  "factor.batch,energy_j\n64,100\n256,80\n" is two runs of 100 J and 80 J.
[[nodiscard]] RunTable parse_run_table(std::string_view csv, const std::string& file);

}  // namespace gradwatt
