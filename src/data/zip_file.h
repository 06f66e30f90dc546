#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace gradwatt {

/// One file within a zip archive, as a part of the archive's own bytes.
struct ZipEntry {
  std::string name;                     ///< With its folders: "model/data/0".
  std::span<const std::uint8_t> bytes;  ///< As they are in the archive.
  std::uint32_t crc32 = 0;              ///< Of the file's bytes.
  bool compressed = false;
  bool encrypted = false;
};

/// The entries of a zip archive, in the order of its directory. Nothing is copied; zip64 is
/// understood.
///
/// Takes    the whole archive and its name for errors.
/// Source   APPNOTE.TXT 6.3.10, PKWARE: 4.3.6 to 4.3.16 and 4.5.3.
/// Throws   Error naming the archive, and the entry when it occurs twice or lies outside of it.
[[nodiscard]] std::vector<ZipEntry> zip_entries(std::span<const std::uint8_t> archive,
                                                const std::string& where);

/// The bytes of a file that is in the archive as it is, as PyTorch's are.
/// Throws Error when it is compressed or encrypted, or when its CRC-32 is another.
[[nodiscard]] std::span<const std::uint8_t> stored_bytes(const ZipEntry& entry,
                                                         const std::string& where);

}  // namespace gradwatt
