#pragma once

#include "base/unique_fd.h"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace gradwatt {

/// A file in sysfs that holds one number, kept open: reading it again costs about a microsecond,
/// opening it anew five times that. A file that was replaced or came back is opened again: what
/// looks unchanged is looked at twice, for a removed file goes on showing its last text. A
/// descriptor whose read failed is kept where the file cannot be opened any more.
class SysfsNumber {
 public:
  explicit SysfsNumber(std::filesystem::path file) : file_(std::move(file)) {}
  /// `fd`: `file` as someone with the right to has opened it for us.
  SysfsNumber(std::filesystem::path file, UniqueFd fd)
      : file_(std::move(file)), fd_(std::move(fd)) {}

  /// Reads the number now. nullopt with error() set: unreadable, empty or no number.
  [[nodiscard]] std::optional<std::int64_t> read() noexcept;
  /// errno of what failed last; EINVAL for a text that is no number.
  [[nodiscard]] int error() const { return error_; }

 private:
  [[nodiscard]] bool open() noexcept;
  [[nodiscard]] bool was_removed() const noexcept;
  [[nodiscard]] std::optional<std::int64_t> read_open() noexcept;

  std::filesystem::path file_;
  UniqueFd fd_;
  std::optional<std::int64_t> last_;
  bool failed_ = false;  ///< The last read: the descriptor may be of a device that is gone.
  int error_ = 0;
};

}  // namespace gradwatt
