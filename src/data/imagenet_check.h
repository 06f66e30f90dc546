#pragma once

#include "data/data_check.h"

#include <filesystem>

namespace gradwatt {

/// Reads and decodes every photograph of both parts, in folders or shards, on all processors. One
/// that cannot be decoded is a problem that training refuses, when it comes to it.
/// Throws    Error when `folder` holds no set of this form, or one whose classes or archives cannot
///           be read (load_imagenet()).
[[nodiscard]] DataCheck check_imagenet(const std::filesystem::path& folder);

}  // namespace gradwatt
