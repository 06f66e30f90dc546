#include "measure/sysfs_number.h"

#include "base/file.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace gradwatt {

/// A descriptor that is still there is given up for a better one only: it may have come from
/// someone with more rights, or from a time when the file could be opened.
bool SysfsNumber::open() noexcept {
  UniqueFd fd(::open(file_.c_str(), O_RDONLY | O_CLOEXEC));
  error_ = fd ? 0 : errno;
  if (fd) {
    fd_ = std::move(fd);
  }
  return static_cast<bool>(fd_);
}

bool SysfsNumber::was_removed() const noexcept {
  struct stat status {};
  return ::fstat(fd_.get(), &status) != 0 || status.st_nlink == 0;
}

std::optional<std::int64_t> SysfsNumber::read() noexcept {
  // A device that went away may have come back under the same name.
  if ((!fd_ || failed_) && !open()) {
    return std::nullopt;
  }
  failed_ = false;
  std::optional<std::int64_t> value = read_open();
  if ((!value || value == last_) && was_removed()) {
    fd_.reset();
    value = open() ? read_open() : std::nullopt;
  }
  last_ = value;
  return value;
}

std::optional<std::int64_t> SysfsNumber::read_open() noexcept {
  std::array<char, 64> block{};
  const ssize_t size = ::pread(fd_.get(), block.data(), block.size(), 0);
  if (size < 0) {
    error_ = errno;
    failed_ = true;
    return std::nullopt;
  }
  const std::string_view text = trimmed({block.data(), static_cast<std::size_t>(size)});
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    error_ = EINVAL;
    return std::nullopt;
  }
  return value;
}

}  // namespace gradwatt
