#include "measure/broker_client.h"

#include "broker/broker_message.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <system_error>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

/// A descriptor that a broken broker could pass instead: one whose reads might never return.
bool is_plain_file(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

BrokerAnswer failure(BrokerAnswer::Kind kind, const fs::path& socket, const std::string& what) {
  return {kind, fmt::format("{}: {}", socket.string(), what), {}};
}

std::string reason_text(int reason) { return std::generic_category().message(reason); }

struct Packet {
  ssize_t size = 0;
  BrokerMessage message;
  std::vector<UniqueFd> descriptors;
  bool is_cut = false;
};

Packet receive(int socket) {
  Packet packet;
  iovec part{&packet.message, sizeof packet.message};
  alignas(cmsghdr) char control[CMSG_SPACE(BrokerMessage::kMostFiles * sizeof(int))] = {};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control;
  header.msg_controllen = sizeof control;
  packet.size = ::recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
  if (packet.size < 0) {
    return packet;
  }
  packet.is_cut = (header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0;
  for (cmsghdr* item = CMSG_FIRSTHDR(&header); item != nullptr; item = CMSG_NXTHDR(&header, item)) {
    if (item->cmsg_level != SOL_SOCKET || item->cmsg_type != SCM_RIGHTS) {
      continue;
    }
    const std::size_t count = (item->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(item) + i * sizeof(int), sizeof fd);
      packet.descriptors.emplace_back(fd);
    }
  }
  return packet;
}

/// What an answer of the right form says.
BrokerAnswer understand(Packet packet, const fs::path& socket) {
  using Kind = BrokerAnswer::Kind;
  const BrokerMessage& message = packet.message;
  if (packet.size != sizeof message || packet.is_cut || message.magic != BrokerMessage::kMagic) {
    return failure(Kind::failed, socket, "what answers there is no gradwatt-broker of this kind");
  }
  if (message.status == BrokerMessage::Status::refused) {
    return failure(Kind::refused, socket, "the broker serves members of its group only");
  }
  if (message.status == BrokerMessage::Status::nothing) {
    return failure(Kind::failed, socket, "the broker found no counter that it could open");
  }
  if (message.count != packet.descriptors.size()) {
    return failure(Kind::failed, socket, "the broker announced more files than it passed");
  }
  BrokerAnswer answer{Kind::served, "", {}};
  for (std::size_t i = 0; i < packet.descriptors.size(); ++i) {
    const auto& zone = message.files[i].zone;
    if (is_plain_file(packet.descriptors[i].get())) {
      answer.files.push_back({std::string(zone.begin(), std::find(zone.begin(), zone.end(), '\0')),
                              std::move(packet.descriptors[i])});
    }
  }
  return answer;
}

}  // namespace

fs::path broker_socket(const fs::path& sysroot) {
  const char* const set = std::getenv("GRADWATT_BROKER");
  return set != nullptr && *set != '\0' ? fs::path(set) : sysroot / "run/gradwatt-broker.sock";
}

BrokerAnswer ask_broker(const fs::path& socket) {
  using Kind = BrokerAnswer::Kind;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = socket.string();
  if (path.size() >= sizeof address.sun_path) {
    return failure(Kind::failed, socket, reason_text(ENAMETOOLONG));
  }
  path.copy(address.sun_path, path.size());
  const UniqueFd connection(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  const timeval patience{1, 0};
  ::setsockopt(connection.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  ::setsockopt(connection.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (::connect(connection.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) !=
      0) {
    const int reason = errno;
    const bool refused = reason == EACCES || reason == EPERM;
    return failure(refused ? Kind::refused : Kind::absent, socket, reason_text(reason));
  }
  Packet packet = receive(connection.get());
  if (packet.size < 0) {
    return failure(Kind::failed, socket, reason_text(errno));
  }
  return understand(std::move(packet), socket);
}

}  // namespace gradwatt
