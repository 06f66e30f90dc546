#include "measure/sysfs_number.h"

#include "base/file.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gradwatt {

bool SysfsNumber::open() noexcept {
  fd_ = UniqueFd(::open(file_.c_str(), O_RDONLY | O_CLOEXEC));
  error_ = fd_ ? 0 : errno;
  return static_cast<bool>(fd_);
}

bool SysfsNumber::was_removed() const noexcept {
  struct stat status {};
  return ::fstat(fd_.get(), &status) != 0 || status.st_nlink == 0;
}

std::optional<std::int64_t> SysfsNumber::read() noexcept {
  if (!fd_ && !open()) {
    return std::nullopt;
  }
  std::optional<std::int64_t> value = read_open();
  if ((!value || value == last_) && fd_ && was_removed()) {
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
    fd_.reset();  // A device that went away may come back under the same name.
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
