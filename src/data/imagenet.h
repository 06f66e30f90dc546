#pragma once

#include "data/classed_images.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace gradwatt {

/// Where ImageNet's photographs are, in whichever form.
struct ImagenetPlaces {
  std::filesystem::path train_folder;  ///< Empty: shards.
  std::filesystem::path validation_folder;
  std::vector<std::filesystem::path> train_shards;  ///< By name.
  std::vector<std::filesystem::path> validation_shards;

  [[nodiscard]] bool are_folders() const { return !train_folder.empty(); }
  [[nodiscard]] bool are_here() const { return are_folders() || !train_shards.empty(); }
};

/// Looks for train/ and val/ with a folder for each class, in `folder`, its CLS-LOC/ or its
/// Data/CLS-LOC/ (as ILSVRC's own archive unpacks); else for train/*.tar and val/*.tar, or *.tar
/// with "train" or "val" in their names. Looks at names only.
[[nodiscard]] ImagenetPlaces imagenet_places(const std::filesystem::path& folder);

struct ImagenetOptions {
  std::filesystem::path folder;
  double subset = 1;  ///< The share of each class, of both parts; above 0, at most 1.
  std::uint64_t seed = 0;
};

/// Photographs to train on and to validate on; both parts have the same classes.
struct ImagenetData {
  ClassedImages train;
  ClassedImages validation;
  std::vector<std::string> notes;
};

/// ImageNet-2012 (ILSVRC), or any photographs of that form; a share of both parts is chosen as
/// class_subset.h says.
/// Source    Russakovsky et al., "ImageNet Large Scale Visual Recognition Challenge", IJCV 2015:
///           1 281 167 photographs of 1000 classes to train on, 50 000 to validate on.
/// Throws    Error when the photographs are not there, the parts disagree about the classes, or a
///           share leaves nothing; what image_folder() and image_shards() throw. UsageError for a
///           share that is none.
[[nodiscard]] ImagenetData load_imagenet(const ImagenetOptions& options);

/// Before a share of it is chosen: what `gradwatt data check` looks at.
[[nodiscard]] ImagenetData all_of_imagenet(const std::filesystem::path& folder);

}  // namespace gradwatt
