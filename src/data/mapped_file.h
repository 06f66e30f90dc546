#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace gradwatt {

/// The bytes of a file, brought in by the kernel when they are looked at. Writing to them would
/// change this program's copy and never the file.
///
/// A file that is replaced by a rename stays readable; one that somebody shortens in place while it
/// is mapped ends the program (SIGBUS), as for every mapping.
/// Thread safety   any number of threads may read.
class MappedFile {
 public:
  /// Throws Error when the file cannot be opened or is no regular file.
  explicit MappedFile(const std::filesystem::path& file);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return bytes_; }

 private:
  std::span<std::uint8_t> bytes_;
};

}  // namespace gradwatt
