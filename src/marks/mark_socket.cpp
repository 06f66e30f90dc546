#include "marks/mark_socket.h"

#include "base/error.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace gradwatt {
namespace {

constexpr std::size_t kDatagramMax = 64UL * 1024;
constexpr int kReceiveBuffer = 4 * 1024 * 1024;

/// A new folder with mode 0700 whose socket's path still fits into a socket address.
std::filesystem::path private_folder() {
  for (const char* variable : {"XDG_RUNTIME_DIR", "TMPDIR", ""}) {
    const char* base = *variable != '\0' ? std::getenv(variable) : "/tmp";
    if (base == nullptr || std::strlen(base) > 64) {
      continue;
    }
    std::string pattern = std::string(base) + "/gradwatt-XXXXXX";
    if (::mkdtemp(pattern.data()) != nullptr) {
      return pattern;
    }
  }
  throw system_error("cannot make a folder for the mark socket",
                     "/tmp",
                     errno,
                     "set TMPDIR to a folder that you may write to");
}

}  // namespace

MarkSocket::MarkSocket() : path_(private_folder() / "marks"), block_(kDatagramMax, '\0') {
  fd_ = UniqueFd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path_.c_str(), sizeof(address.sun_path) - 1);
  const auto* plain = static_cast<const sockaddr*>(static_cast<const void*>(&address));
  if (!fd_ || ::bind(fd_.get(), plain, sizeof(address)) != 0) {
    const int reason = errno;
    std::error_code ignored;
    std::filesystem::remove_all(path_.parent_path(), ignored);
    throw system_error("cannot open the mark socket", path_.string(), reason);
  }
  // More room means fewer marks lost while this process is held up; the kernel caps it silently.
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &kReceiveBuffer, sizeof(kReceiveBuffer));
}

MarkSocket::~MarkSocket() {
  std::error_code ignored;
  std::filesystem::remove_all(path_.parent_path(), ignored);
}

std::optional<std::string> MarkSocket::receive() {
  const ssize_t size = ::recv(fd_.get(), block_.data(), block_.size(), MSG_DONTWAIT);
  if (size < 0) {
    return std::nullopt;
  }
  return block_.substr(0, static_cast<std::size_t>(size));
}

}  // namespace gradwatt
