#pragma once

#include "base/unique_fd.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// What a maker of data wrote.
struct MadeData {
  std::vector<std::string> facts;  ///< "subject101.dat  376417 rows", one for each part of the set.
  std::int64_t files = 0;
  std::int64_t bytes = 0;
};

/// A new file that is written from the front through a large buffer.
/// Throws Error naming the file when it cannot be created or the disk is full; what was written is
/// then left to the owner of the folder.
class MadeFile {
 public:
  explicit MadeFile(const std::filesystem::path& file);

  void write(std::string_view bytes);
  /// "1.25" for (1.25, 2), "-0.07" for (-0.071, 2); "NaN" for NaN. |value| below 9e9, 0 to 6
  /// places.
  void write_fixed(double value, int places);
  /// Writes what is in the buffer and closes. Returns the file's size.
  std::int64_t close();

 private:
  void flush();

  std::filesystem::path file_;
  UniqueFd fd_;
  std::string buffer_;
  std::int64_t bytes_ = 0;
};

/// Writes a whole small file. Unlike MadeFile it does not wait for the disk, which takes longer
/// than drawing an image. Throws Error naming the file.
void write_made_image(const std::filesystem::path& file, std::span<const std::uint8_t> bytes);

}  // namespace gradwatt
