#pragma once

#include "data/data_check.h"

#include <filesystem>

namespace gradwatt {

/// Reads all recordings of a PAMAP2 folder, Optional/ too where it is, and tells what they hold.
///
/// Damaged, so that training refuses: a line that is none of a recording's
/// (data/pamap2_file.h), an empty file, a channel among the usual ones that is never there, no
/// file of a subject that the defaults name for validation or testing.
/// Skipped: gaps of a sensor longer than a second, and rows that are missing for longer.
/// Throws Error when `folder` holds no recording or one cannot be opened.
[[nodiscard]] DataCheck check_pamap2(const std::filesystem::path& folder);

}  // namespace gradwatt
