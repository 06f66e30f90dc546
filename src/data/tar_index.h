#pragma once

#include "data/stored_images.h"

#include <filesystem>
#include <string>
#include <vector>

namespace gradwatt {

/// A regular file in a tar archive.
struct TarMember {
  std::string name;  ///< As in the archive, with its folders.
  ByteRange bytes;
};

/// The regular files of a tar archive in their order, read from its headers alone: what they hold
/// can then be read in any order.
///
/// Known forms: ustar (with its prefix), GNU (long names, sizes in base 256), pax (path and size).
/// Folders, links and devices are left out.
/// Throws    Error naming the archive and the byte where a header is damaged, a member goes on
///           behind the end of the file, the two blocks of zeros at the end are missing, or a
///           member is sparse or the archive compressed, which cannot be read in place.
/// Source    POSIX.1-2017, pax; GNU tar manual, "Basic Tar Format".
/// Example   a.jpg of 3 bytes alone in an archive: {"a.jpg", {512, 3}}.
[[nodiscard]] std::vector<TarMember> tar_index(const std::filesystem::path& archive);

}  // namespace gradwatt
