#pragma once

#include "trace/run_account.h"

#include <filesystem>

namespace gradwatt {

/// What the run in `folder` consumed: its samples and marks, read and joined. Works on finished and
/// interrupted runs. Throws Error when a node file is damaged or still being written.
[[nodiscard]] RunAccount account_of(const std::filesystem::path& folder);

}  // namespace gradwatt
