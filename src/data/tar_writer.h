#pragma once

#include "data/made_data.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

namespace gradwatt {

/// Writes a tar archive of regular files in the ustar form, which depends on names and bytes alone:
/// owners and times are zero.
/// Throws    Error as MadeFile does; for a name that ustar cannot hold (100 bytes, and 155 more for
///           the folders), naming it.
class TarWriter {
 public:
  explicit TarWriter(const std::filesystem::path& archive);

  void add(std::string_view name, std::span<const std::uint8_t> bytes);
  void add(std::string_view name, std::string_view bytes);
  /// Ends the archive; returns its size.
  std::int64_t close();

 private:
  MadeFile file_;
};

}  // namespace gradwatt
