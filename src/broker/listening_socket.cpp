#include "broker/listening_socket.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace gradwatt {
namespace {

constexpr int kFirstInherited = 3;
constexpr int kBacklog = 64;

/// Whether `address` is a socket that nobody listens on.
bool is_stale(const sockaddr_un& address) {
  struct stat status {};
  if (::lstat(address.sun_path, &status) != 0 || !S_ISSOCK(status.st_mode)) {
    return false;
  }
  const int probe = ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const bool refused =
      ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
      errno == ECONNREFUSED;
  ::close(probe);
  return refused;
}

bool bind_with_mode(int socket, const sockaddr_un& address) {
  const mode_t before = ::umask(0117);
  const int result = ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  const int reason = errno;
  ::umask(before);
  errno = reason;
  return result == 0;
}

}  // namespace

int inherited_socket() {
  const char* const pid = std::getenv("LISTEN_PID");
  const char* const count = std::getenv("LISTEN_FDS");
  const bool ours = pid != nullptr && count != nullptr &&
                    std::strtol(pid, nullptr, 10) == ::getpid() && std::strcmp(count, "1") == 0;
  return ours ? kFirstInherited : -1;
}

Bound bind_socket(const char* path, const Trusted& trusted) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (std::strlen(path) >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    return {-1, "cannot use the socket's path"};
  }
  std::memcpy(address.sun_path, path, std::strlen(path) + 1);
  const int socket = ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  if (socket < 0) {
    return {-1, "cannot make a socket"};
  }
  bool bound = bind_with_mode(socket, address);
  if (!bound && errno == EADDRINUSE && is_stale(address)) {
    ::unlink(path);
    bound = bind_with_mode(socket, address);
  }
  if (!bound) {
    return {-1, "cannot bind the socket"};
  }
  // The umask keeps everybody else out before the group has come in.
  if (trusted.has_group && ::lchown(path, static_cast<uid_t>(-1), trusted.group) != 0) {
    return {-1, "cannot give the socket to the group"};
  }
  return ::listen(socket, kBacklog) == 0 ? Bound{socket, nullptr} : Bound{-1, "cannot listen"};
}

}  // namespace gradwatt
