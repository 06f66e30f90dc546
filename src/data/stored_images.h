#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// Where a member's bytes lie in an archive.
struct ByteRange {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;

  bool operator==(const ByteRange&) const = default;
};

/// Images by where their bytes are: files of their own, or members of archives that are not
/// compressed. Holds names and places, about 60 bytes an image, no pixels.
/// Thread safety   read() may be called by several threads at once.
class StoredImages {
 public:
  /// The folder, or the archive, that the images added next are in.
  void open_folder(std::filesystem::path folder);
  void open_archive(std::filesystem::path file);
  void add_file(std::string_view name);
  void add_member(std::string_view name, ByteRange bytes);

  [[nodiscard]] std::int64_t count() const { return static_cast<std::int64_t>(items_.size()); }
  /// Example   "train/n01440764/n01440764_10026.JPEG", "train-0003.tar:n01440764_10026.jpg"
  [[nodiscard]] std::string name(std::int64_t index) const;

  /// The image's bytes, in `memory`, which grows to the largest.
  /// Throws    Error naming the image when it cannot be read, is above 64 MiB, or an archive is
  ///           shorter than it was.
  [[nodiscard]] std::span<const std::uint8_t> read(std::int64_t index,
                                                   std::vector<std::uint8_t>& memory) const;

  /// What the bytes depend on, as a short text for row_cache.h: the path, size and time of change
  /// of each image's file, or of its archive and its place there.
  [[nodiscard]] std::string key() const;

  /// Only the images at `indices`, in that order.
  void keep(std::span<const std::int64_t> indices);

 private:
  struct Container {
    std::filesystem::path path;
    bool is_archive = false;
  };
  struct Item {
    std::uint64_t name_at = 0;
    std::uint32_t name_size = 0;
    std::uint32_t container = 0;
    ByteRange bytes;  ///< In an archive.
  };
  void add(std::string_view name, ByteRange bytes);
  [[nodiscard]] std::string_view own_name(const Item& item) const;
  [[nodiscard]] std::filesystem::path file_of(const Item& item) const;

  std::vector<Container> containers_;
  std::vector<Item> items_;
  std::string names_;  ///< One behind the other.
};

}  // namespace gradwatt
