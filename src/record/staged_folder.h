#pragma once

#include "base/error.h"

#include <filesystem>
#include <utility>

namespace gradwatt {

/// A folder that is removed again unless it was moved to its place.
class StagedFolder {
 public:
  explicit StagedFolder(std::filesystem::path path) : path_(std::move(path)) {}
  ~StagedFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  StagedFolder(const StagedFolder&) = delete;
  StagedFolder& operator=(const StagedFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Throws Error when the place is taken or cannot be written.
  void move_to(const std::filesystem::path& place) {
    std::error_code error;
    std::filesystem::rename(path_, place, error);
    if (error) {
      throw Error("cannot move into place: " + error.message(), place.string());
    }
  }

 private:
  std::filesystem::path path_;
};

}  // namespace gradwatt
