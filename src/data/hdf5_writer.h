#pragma once

#include "data/hdf5_file.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace gradwatt {

/// How `fields` lie in a new file.
struct Hdf5Form {
  std::array<std::int64_t, 4> chunk{};  ///< Zeros: contiguous.
  int deflate = 0;                      ///< 1 to 9: chunks are compressed; 0: they are not.
  bool shuffle = false;                 ///< Bytes of like weight lie together, before deflate.
  bool checksum = false;                ///< Fletcher's, of each chunk.
};

/// Writes the float32 dataset `fields` of a new HDF5 file, time by time.
/// Throws Error naming the file when it cannot be written; what was written is then left to the
/// owner of the folder. Not thread-safe, but several writers may write beside each other.
class Hdf5Writer {
 public:
  Hdf5Writer(const std::filesystem::path& file, const FieldShape& shape, const Hdf5Form& form = {});
  ~Hdf5Writer();
  Hdf5Writer(const Hdf5Writer&) = delete;
  Hdf5Writer& operator=(const Hdf5Writer&) = delete;

  /// Writes `grids` [channels, height, width] as time `time`.
  void write(std::int64_t time, std::span<const float> grids);
  /// Closes it. Returns the file's size.
  std::int64_t close();

 private:
  struct Open;
  std::filesystem::path file_;
  FieldShape shape_;
  std::unique_ptr<Open> open_;
};

}  // namespace gradwatt
