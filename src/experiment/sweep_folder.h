#pragma once

#include "base/unique_fd.h"

#include <filesystem>
#include <string>

namespace gradwatt {

/// What a sweep keeps in the store beside its runs: sweeps/NAME/KEY.log, the output of each point's
/// last attempt, and sweeps/NAME.lock. Readable by their owner alone.
class SweepFolder {
 public:
  /// Creates the folder. Throws Error.
  SweepFolder(const std::filesystem::path& store_root, const std::string& sweep);

  [[nodiscard]] const std::filesystem::path& path() const { return folder_; }
  [[nodiscard]] std::filesystem::path log_of(const std::string& key) const;

  /// Where a training of the point may keep what it needs to go on later.
  [[nodiscard]] std::filesystem::path checkpoint_of(const std::string& key) const;

  /// The last `lines` lines of a point's log, fit for a terminal; "" when there is none.
  [[nodiscard]] std::string end_of_log(const std::string& key, int lines) const;

 private:
  std::filesystem::path folder_;
};

/// Held for as long as a sweep goes on; the kernel releases it when its process ends, however it
/// ends, and a child never inherits it.
class SweepLock {
 public:
  /// Throws Error when another process holds the lock of this sweep in this store.
  SweepLock(const std::filesystem::path& store_root, const std::string& sweep);

 private:
  UniqueFd fd_;
};

}  // namespace gradwatt
