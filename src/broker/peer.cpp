#include "broker/peer.h"

#include <array>
#include <sys/socket.h>

namespace gradwatt {
namespace {

/// A user in more groups than this is not found in those beyond.
constexpr socklen_t kMostGroups = 1024;

}  // namespace

bool is_trusted(int socket, const Trusted& trusted) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
    return false;
  }
  if (peer.uid == 0 || peer.uid == trusted.owner) {
    return true;
  }
  if (!trusted.has_group) {
    return false;
  }
  if (peer.gid == trusted.group) {
    return true;
  }
  std::array<gid_t, kMostGroups> groups{};
  size = sizeof groups;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size) != 0) {
    return false;
  }
  for (socklen_t i = 0; i < size / sizeof(gid_t); ++i) {
    if (groups[i] == trusted.group) {
      return true;
    }
  }
  return false;
}

}  // namespace gradwatt
