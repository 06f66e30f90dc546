#pragma once

#include "data/data_check.h"

#include <filesystem>

namespace gradwatt {

/// Reads all of CelebA's files and decodes every image, on all processors.
///
/// A problem in the two tables is one that training refuses, as is an image that is absent or
/// damaged among those of the 40 most represented identities; elsewhere training never looks at it.
/// Throws    Error when the files are in neither `folder` nor its celeba/.
[[nodiscard]] DataCheck check_celeba(const std::filesystem::path& folder);

}  // namespace gradwatt
