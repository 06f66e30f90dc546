#pragma once

#include "units/instant.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// Whether a run's files are still those that were read: of the folder, of run.json and of each
/// node's files the time of the last change, the size and the inode, as the file system tells
/// them; and the build of this program, which decides what is computed from them.
struct RunStamp {
  std::string bytes;               ///< Equal bytes: nothing has changed.
  std::vector<std::string> files;  ///< Names in the folder, sorted.
  std::int64_t changed_ns = 0;     ///< The latest change, since 1970.
};

/// The stamp of a run's folder as it is now. nullopt when something in it cannot be looked at.
[[nodiscard]] std::optional<RunStamp> stamp_of(const std::filesystem::path& folder);

/// The same when `before` is an older stamp's bytes, without listing the folder: a file that came
/// or went has changed the folder itself. nullopt when they are the bytes of no stamp.
[[nodiscard]] std::optional<RunStamp> stamp_like(std::string_view before,
                                                 const std::filesystem::path& folder);

/// Whether the files have been left alone for two seconds: times on a disk may be that coarse, and
/// a second change at the same time would not be seen.
[[nodiscard]] bool is_settled(const RunStamp& stamp, WallTime now);

}  // namespace gradwatt
