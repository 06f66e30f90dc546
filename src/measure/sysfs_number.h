#pragma once

#include "base/unique_fd.h"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace gradwatt {

/// A file in sysfs that holds one number, kept open: reading it again costs about a microsecond,
/// opening it anew five times that. A file that was replaced or came back is opened again.
class SysfsNumber {
 public:
  explicit SysfsNumber(std::filesystem::path file) : file_(std::move(file)) {}

  /// Reads the number now. nullopt with error() set: unreadable, empty or no number.
  [[nodiscard]] std::optional<std::int64_t> read() noexcept;
  /// errno of what failed last; EINVAL for a text that is no number.
  [[nodiscard]] int error() const { return error_; }

 private:
  [[nodiscard]] bool ensure_open() noexcept;

  std::filesystem::path file_;
  UniqueFd fd_;
  int error_ = 0;
};

}  // namespace gradwatt
