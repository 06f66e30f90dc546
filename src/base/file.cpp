#include "base/file.h"

#include "base/error.h"
#include "base/unique_fd.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gradwatt {

std::optional<std::string> read_text(const std::filesystem::path& file) {
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) {
    return std::nullopt;
  }
  std::string text;
  std::array<char, 4096> block{};
  while (true) {
    const ssize_t count = ::read(fd.get(), block.data(), block.size());
    if (count == 0) {
      return text;
    }
    if (count < 0) {
      if (errno == EINTR) {
        continue;
      }
      return std::nullopt;
    }
    text.append(block.data(), static_cast<std::size_t>(count));
  }
}

void write_text_atomically(const std::filesystem::path& file,
                           std::string_view text,
                           WaitForDisk wait) {
  const std::filesystem::path part = file.string() + ".part" + std::to_string(::getpid());
  const auto fail = [&](const char* what) {
    const int reason = errno;
    ::unlink(part.c_str());
    throw system_error(what, file.string(), reason, "check free space and permissions there");
  };
  const UniqueFd fd(::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!fd) {
    fail("cannot create");
  }
  while (!text.empty()) {
    const ssize_t count = ::write(fd.get(), text.data(), text.size());
    if (count < 0 && errno != EINTR) {
      fail("cannot write");
    }
    text.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
  }
  if (wait == WaitForDisk::yes && ::fdatasync(fd.get()) != 0) {
    fail("cannot write");
  }
  if (::rename(part.c_str(), file.c_str()) != 0) {
    fail("cannot replace");
  }
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

}  // namespace gradwatt
