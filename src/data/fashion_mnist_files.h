#pragma once

#include "data/image_set.h"

#include <filesystem>

namespace gradwatt {

/// Reads Fashion-MNIST's four IDX files, compressed or plain, from a folder.
///
/// Source   Xiao, Rasul, Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking machine
///          learning algorithms", arXiv:1708.07747.
/// Throws   Error that says how to get the files when they are absent.
[[nodiscard]] ImageData load_fashion_mnist(const std::filesystem::path& folder);

}  // namespace gradwatt
