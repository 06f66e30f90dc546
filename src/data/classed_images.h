#pragma once

#include "data/stored_images.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace gradwatt {

/// Images and what each shows.
struct ClassedImages {
  StoredImages images;
  std::vector<std::uint16_t> classes;  ///< [count], each below the number of class_names.
  std::vector<std::string> class_names;

  [[nodiscard]] std::int64_t count() const { return images.count(); }
  /// Only the images at `indices`, in that order; all classes stay.
  void keep(std::span<const std::int64_t> indices);
};

/// The images of a folder with one folder for each class: NAME/*.JPEG, *.jpg or *.jpeg.
///
/// Classes are the folders in the order of their names, images those of the first class by name,
/// then of the second, and so on: the same on every machine. Other files are not looked at.
/// Throws    Error naming the folder when it cannot be read, holds no folders, or one of them no
///           image, or there are more than 65535.
/// Source    torchvision.datasets.ImageFolder.
/// Example   b/2.JPEG b/10.JPEG a/3.jpg: a/3.jpg of class 0, then b/10.JPEG and b/2.JPEG of 1.
[[nodiscard]] ClassedImages image_folder(const std::filesystem::path& folder);

/// The images of WebDataset shards: tar archives in which the members KEY.jpg and KEY.cls, KEY up
/// to the first point of the last part of the name, are an image and its class as a number.
///
/// Without any .cls the class is the folder that the image is in, as the archive names it; classes
/// are then in the order of these names, as in image_folder(). Images are in the order of `shards`
/// and within one in its own.
/// Throws    Error naming archive and member when a .cls is no number below 65535 or stands alone,
///           an image has no class, or there is no image; what tar_index() throws.
/// Source    the WebDataset format, github.com/webdataset/webdataset.
/// Example   n01/7.jpg n01/7.cls, the latter "3\n": one image of class 3; classes "0" to "3".
[[nodiscard]] ClassedImages image_shards(const std::vector<std::filesystem::path>& shards);

/// Whether a name ends in .jpg, .jpeg or .JPEG, in capitals or not.
[[nodiscard]] bool is_jpeg_name(std::string_view name);

}  // namespace gradwatt
