#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace gradwatt {

/// Images of one part of CelebA, in the order of their names.
struct CelebaPart {
  std::vector<std::filesystem::path> files;
  std::vector<std::uint8_t> identities;  ///< Of each: its place in CelebaData::identity_numbers.
  std::vector<std::uint8_t> attributes;  ///< [count, attribute_names], 0 or 1.

  [[nodiscard]] std::int64_t count() const { return static_cast<std::int64_t>(files.size()); }
};

struct CelebaOptions {
  std::filesystem::path folder;  ///< That of the files, or the one above, which holds celeba/.
  int identities = 40;           ///< From 1 to 256.
  double validation_share = 0.15;
  double test_share = 0.15;
  std::uint64_t seed = 0;
};

struct CelebaData {
  CelebaPart train;
  CelebaPart validation;
  CelebaPart test;
  std::vector<int> identity_numbers;  ///< By class: as in identity_CelebA.txt.
  std::vector<std::string> attribute_names;
  std::vector<std::string> notes;  ///< What was chosen and left out; one sentence each.
};

/// The images of the most represented identities, more images first, of equally many the lower
/// number first; each identity's images split into the three parts.
///
/// The split is by a shuffle that depends on (seed, identity, its number of images) alone. A share
/// of n images is rounded to the nearest; with n >= 3 each part with a share gets at least one,
/// with fewer all are for training.
/// Source    layout: torchvision.datasets.CelebA; files: Liu, Luo, Wang, Tang, "Deep Learning Face
///           Attributes in the Wild", ICCV 2015. Its own partition is by identity, so no identity
///           of one part could be recognised in another: it is not used.
/// Throws    Error naming file and line for what docs/celeba.md lists; UsageError for a share or a
///           number of identities that cannot be.
/// Example   20 images, shares 0.15 and 0.15: 14 to train on, 3 and 3.
[[nodiscard]] CelebaData load_celeba(const CelebaOptions& options);

}  // namespace gradwatt
