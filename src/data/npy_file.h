#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace gradwatt {

/// An array of numbers, row-major.
struct NpyArray {
  std::vector<std::int64_t> shape;
  std::vector<float> values;
};

/// Reads a file of numpy.save with little-endian float32 or float64 in C order; the latter become
/// float32.
/// Throws    Error naming the file: not there, of another format or type, cut off.
/// Source    NEP 1, format versions 1.0 to 3.0.
/// Example   numpy.save(file, numpy.float32([[1, 2]])): shape {1, 2}, values {1, 2}.
[[nodiscard]] NpyArray read_npy(const std::filesystem::path& file);

/// The bytes of numpy.save of `array` as float32, format version 1.0.
[[nodiscard]] std::string npy_bytes(const NpyArray& array);

}  // namespace gradwatt
