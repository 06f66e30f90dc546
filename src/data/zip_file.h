#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace gradwatt {

/// One stored file within a zip archive, as a part of the archive's own bytes.
struct ZipEntry {
  std::string name;  ///< With its folders: "model/data/0".
  std::span<const std::uint8_t> bytes;
  std::uint32_t crc32 = 0;
};

/// The entries of a zip archive that stores its files without compression, as PyTorch's does.
/// Nothing is copied; zip64 is understood.
///
/// Takes    the whole archive and its name for errors.
/// Source   APPNOTE.TXT 6.3.10, PKWARE: 4.3.6 to 4.3.16 and 4.5.3.
/// Throws   Error naming the archive, and the entry when it is compressed, encrypted, occurs twice
///          or lies outside of the archive.
[[nodiscard]] std::vector<ZipEntry> zip_entries(std::span<const std::uint8_t> archive,
                                                const std::string& where);

/// Throws Error when the bytes of an entry are not those that its CRC-32 was computed from.
void check_crc(const ZipEntry& entry, const std::string& where);

}  // namespace gradwatt
