#pragma once

#include "experiment/sweep_file.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gradwatt {

/// Changes a sweep by an overlay: a TOML text whose tables hold what is different elsewhere, such
/// as at a smaller scale. The tables that `tables` names are applied in that order; absent ones
/// change nothing. In a table,
///
///   repeat = 1            is the number of repeats
///   cooldown = "0s"       is the pause between two points
///   workload = "NAME"     is the workload
///   batch = [16, 64]      a list: the values of that axis; what follows it comes behind it
///   patience = 3          anything else: a fixed value, new or replaced; `false` gives no flag
///
/// Throws   UsageError "FILE:LINE:COLUMN: what"; a list needs an axis of that name.
/// Example  [all] patience = 3, [pamap2] patience = 5, tables all, pamap2: patience is 5.
void overlay_sweep(SweepFile& sweep,
                   const std::string& text,
                   const std::string& file,
                   std::span<const std::string> tables);

/// One value of an overlay, as text; nullopt when it has none. Throws UsageError.
[[nodiscard]] std::optional<std::string> overlay_value(const std::string& text,
                                                       const std::string& file,
                                                       std::string_view table,
                                                       std::string_view key);

/// Sets a fixed value, for all repeats; adds it when the sweep has none of that name.
void set_fixed(SweepFile& sweep, FixedValue value);

}  // namespace gradwatt
