#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace gradwatt {

/// The text files of CelebA, joined by image.
struct CelebaTables {
  struct Image {
    std::string name;            ///< "000001.jpg"
    int identity = 0;            ///< As in the file.
    std::int64_t line = 0;       ///< Of identity_CelebA.txt.
    std::size_t attributes = 0;  ///< Where its attributes begin.
  };
  std::vector<Image> images;  ///< In the order of identity_CelebA.txt.
  std::vector<std::string> attribute_names;
  std::vector<std::uint8_t> attributes;  ///< [images, attribute_names], 0 or 1.
};

/// Where CelebA's files lie: `folder` itself or its subfolder celeba. Empty when in neither.
[[nodiscard]] std::filesystem::path celeba_root(const std::filesystem::path& folder);

/// Takes a line that is wrong, and what is wrong with it.
using CelebaComplaint = std::function<void(
    const std::filesystem::path& file, std::int64_t line, const std::string& what)>;

/// Reads identity_CelebA.txt and list_attr_celeba.txt below `root`.
/// A wrong line (not of the published form, an image named twice, one that only one of the files
/// names, a first line that says another number than there are) goes to `complain`; if that returns
/// the line is left out.
/// Throws    Error naming the file when it is not there or its first two lines cannot be used.
[[nodiscard]] CelebaTables read_celeba_tables(const std::filesystem::path& root,
                                              const CelebaComplaint& complain);

struct CelebaIdentity {
  int number = 0;                   ///< As in the file.
  std::vector<std::size_t> images;  ///< Indices into CelebaTables::images, ordered by name.
};

/// The identities with the most images, at most `count`: more images first, of equally many the
/// lower number first.
[[nodiscard]] std::vector<CelebaIdentity> most_represented(const CelebaTables& tables, int count);

}  // namespace gradwatt
