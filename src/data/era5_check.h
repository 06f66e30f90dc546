#pragma once

#include "data/data_check.h"

#include <filesystem>

namespace gradwatt {

/// Reads all of ERA5's files, a time at a time, on all processors: opens and shapes, values that
/// are not finite with file and index, the statistics.
/// Throws    Error when the files are in neither `folder` nor its era5/.
[[nodiscard]] DataCheck check_era5(const std::filesystem::path& folder);

}  // namespace gradwatt
