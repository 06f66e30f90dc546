#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gradwatt {

/// Fields of a file, one grid for each time and channel, row-major.
struct FieldShape {
  std::int64_t times = 0;
  std::int64_t channels = 0;
  std::int64_t height = 0;
  std::int64_t width = 0;

  bool operator==(const FieldShape&) const = default;
};

/// Which part of each time is wanted.
struct FieldSelection {
  std::vector<int> channels;  ///< In the order in which they are delivered.
  std::int64_t rows = 0;      ///< The first so many of the grid's rows.

  /// Numbers of one time.
  [[nodiscard]] std::int64_t size(const FieldShape& shape) const {
    return static_cast<std::int64_t>(channels.size()) * rows * shape.width;
  }
};

/// contiguous: read beside the library, at the data's place in the file. chunks: decoded here, each
/// chunk once a read. library: what only the HDF5 library can decode, one thread at a time.
enum class FieldLayout { contiguous, chunks, library };

/// Reads the float32 dataset `fields` [times, channels, height, width] of an HDF5 file, the form in
/// which ERA5 is published for FourCastNet.
///
/// Thread safety   any number of threads may read. They wait for each other within the library
///                 alone: never in contiguous files, and while the bytes of a chunk are fetched
///                 (but not while they are decompressed) in files of chunks with the filters
///                 deflate and shuffle or none.
/// Throws          Error naming the file: not HDF5, cut off, no `fields`, of another type or rank.
class Hdf5File {
 public:
  explicit Hdf5File(std::filesystem::path file);
  ~Hdf5File();
  Hdf5File(const Hdf5File&) = delete;
  Hdf5File& operator=(const Hdf5File&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] const FieldShape& shape() const { return shape_; }
  [[nodiscard]] FieldLayout layout() const { return layout_; }
  /// "contiguous", "chunks of 1 x 1 x 721 x 1440, deflate".
  [[nodiscard]] std::string layout_text() const;

  /// Fills `out` with `count` times from `first` on: [count, channels, rows, width] of `selection`.
  /// Takes     times, channels and rows that exist.
  /// Throws    Error naming the file and the time that cannot be read.
  void read(std::int64_t first,
            std::int64_t count,
            const FieldSelection& selection,
            std::span<float> out) const;

 private:
  struct Library;
  struct Wanted;

  void open_dataset();
  void read_type_and_shape();
  void read_layout();
  void read_filters();
  void read_contiguous(const Wanted& wanted) const;
  void read_chunks(const Wanted& wanted) const;
  void read_by_library(const Wanted& wanted) const;
  void read_grids(const Wanted& wanted) const;
  [[nodiscard]] std::vector<std::array<std::int64_t, 4>> chunks_of(const Wanted& wanted) const;
  [[nodiscard]] std::size_t chunk_bytes() const;
  [[nodiscard]] std::optional<std::vector<int>> fetch_chunk(
      const std::array<std::int64_t, 4>& origin,
      std::vector<std::uint8_t>& stored,
      std::span<std::uint8_t> out) const;
  [[nodiscard]] bool decode_chunk(const std::array<std::int64_t, 4>& origin,
                                  std::span<std::uint8_t> out) const;
  void scatter(const std::array<std::int64_t, 4>& origin,
               std::span<const std::uint8_t> bytes,
               const Wanted& wanted) const;

  std::filesystem::path path_;
  FieldShape shape_;
  FieldLayout layout_ = FieldLayout::library;
  std::uint64_t offset_ = 0;             ///< Of contiguous data in the file.
  std::array<std::int64_t, 4> chunk_{};  ///< Its extent; of chunked files.
  std::vector<int> filters_;             ///< As they were applied when writing.
  std::unique_ptr<Library> library_;
};

}  // namespace gradwatt
