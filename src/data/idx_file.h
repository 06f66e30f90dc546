#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace gradwatt {

/// An array of bytes as MNIST and its relatives store it.
struct IdxArray {
  std::vector<std::int64_t> shape;   ///< Outermost first: [60000, 28, 28].
  std::vector<std::uint8_t> values;  ///< Row-major; as many as the product of the shape.
};

/// Reads an IDX file of unsigned bytes, gzip-compressed or plain.
///
/// The file is big-endian: two zero bytes, the type (0x08), the number of dimensions, one 32-bit
/// size for each, then the values and nothing more.
/// Source   the IDX format as described with MNIST, LeCun, Cortes, Burges.
/// Throws   Error naming the file when it cannot be opened, is of another type, or is too short or
///          too long for its own header.
[[nodiscard]] IdxArray read_idx(const std::filesystem::path& file);

}  // namespace gradwatt
