#pragma once

#include "data/data_check.h"
#include "data/made_data.h"

#include <cstdint>
#include <filesystem>
#include <span>

namespace gradwatt {

/// A published data set: how to recognise its files, check them, and make some of the same form.
struct PublishedSet {
  const char* name = nullptr;
  const char* description = nullptr;
  /// Whether `folder` holds this set; looks at names of files only.
  bool (*is_here)(const std::filesystem::path& folder) = nullptr;
  DataCheck (*check)(const std::filesystem::path& folder) = nullptr;
  /// Writes a made set of `scale` times the published size into the empty `folder`; the bytes
  /// depend on (scale, seed) alone. nullptr: none can be made.
  MadeData (*make)(const std::filesystem::path& folder, double scale, std::uint64_t seed) = nullptr;
};

// One declaration per set; the table that shows them is in catalog.cpp.
PublishedSet pamap2_set();
PublishedSet celeba_set();
PublishedSet fashion_set();
PublishedSet era5_set();
PublishedSet imagenet_set();
PublishedSet imagenet_shards_set();

/// All sets, in the order in which help shows them.
[[nodiscard]] std::span<const PublishedSet> published_sets();

}  // namespace gradwatt
