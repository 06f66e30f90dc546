// gradwatt-broker: opens the energy counters, which only root may, and passes the open files to
// those who may read them. See docs/permissions.md.
#include "broker/broker_message.h"
#include "broker/energy_files.h"
#include "broker/listening_socket.h"
#include "broker/lockdown.h"
#include "broker/peer.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <grp.h>
#include <poll.h>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace gradwatt {
namespace {

constexpr const char* kUsage =
    "usage: gradwatt-broker [--socket PATH] [--group NAME] [--root DIR] [--idle SECONDS] [--once]\n"
    "Passes the CPUs' energy counters, open for reading, to root, its own user and the members of\n"
    "a group (energy). Without --socket it expects the socket from systemd.\n";

struct Options {
  const char* socket = nullptr;
  const char* group = "energy";
  const char* root = "/";
  int idle_s = 0;  ///< 0: stay.
  bool once = false;
};

/// By write alone: dprintf also asks where the file's end is, which the filter does not allow.
void say(std::string_view text, std::string_view detail = "") {
  std::array<char, 512> line{};
  char* end = line.data();
  const auto add = [&](std::string_view part) {
    const auto room = static_cast<std::size_t>(line.data() + line.size() - end);
    end = std::copy_n(part.data(), std::min(part.size(), room), end);
  };
  add("gradwatt-broker: ");
  add(text);
  add(detail.empty() ? "" : ": ");
  add(detail);
  add("\n");
  static_cast<void>(
      !::write(STDERR_FILENO, line.data(), static_cast<std::size_t>(end - line.data())));
}

bool parse(int argc, char** argv, Options& options) {
  for (int i = 1; i < argc; ++i) {
    const char* const word = argv[i];
    const auto is = [&](const char* flag) { return std::strcmp(word, flag) == 0; };
    if (is("--once")) {
      options.once = true;
      continue;
    }
    if (++i == argc) {
      return false;
    }
    if (is("--socket")) {
      options.socket = argv[i];
    } else if (is("--group")) {
      options.group = argv[i];
    } else if (is("--root")) {
      options.root = argv[i];
    } else if (is("--idle")) {
      options.idle_s = std::atoi(argv[i]);
      if (options.idle_s <= 0) {
        return false;
      }
    } else {
      return false;
    }
  }
  return true;
}

/// Sends the one packet. Never waits: it fits into an empty socket's buffer, or is not wanted.
void answer(int peer, const EnergyFiles& files, const Trusted& trusted) {
  BrokerMessage message;
  if (!is_trusted(peer, trusted)) {
    message.status = BrokerMessage::Status::refused;
  } else if (files.count == 0) {
    message.status = BrokerMessage::Status::nothing;
  } else {
    message.count = files.count;
    message.files = files.names;
  }
  iovec part{&message, sizeof message};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof files.descriptors)] = {};
  msghdr packet{};
  packet.msg_iov = &part;
  packet.msg_iovlen = 1;
  if (message.count > 0) {
    const std::size_t size = message.count * sizeof(int);
    packet.msg_control = control;
    packet.msg_controllen = CMSG_SPACE(size);
    cmsghdr* const header = CMSG_FIRSTHDR(&packet);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(size);
    std::memcpy(CMSG_DATA(header), files.descriptors.data(), size);
  }
  if (::sendmsg(peer, &packet, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
    say("a client was gone before its answer", "");
  }
}

/// Serves until nobody has come for the idle time, or one has with --once.
int serve(int socket, const EnergyFiles& files, const Trusted& trusted, const Options& options) {
  const timespec idle{options.idle_s, 0};
  while (true) {
    pollfd waiting{socket, POLLIN, 0};
    const int ready = ::ppoll(&waiting, 1, options.idle_s > 0 ? &idle : nullptr, nullptr);
    if (ready == 0) {
      return 0;
    }
    if (ready < 0 && errno != EINTR) {
      return 1;
    }
    const int peer = ready > 0 ? ::accept4(socket, nullptr, nullptr, SOCK_CLOEXEC) : -1;
    if (peer < 0) {
      continue;
    }
    answer(peer, files, trusted);
    ::close(peer);
    if (options.once) {
      return 0;
    }
  }
}

int run(const Options& options) {
  Trusted trusted{::getuid(), 0, false};
  if (const group* entry = ::getgrnam(options.group)) {
    trusted.group = entry->gr_gid;
    trusted.has_group = true;
  } else {
    say("no such group, only root and this user are served", options.group);
  }
  int socket = inherited_socket();
  if (socket < 0 && options.socket == nullptr) {
    ::dprintf(STDERR_FILENO, "%s", kUsage);
    return 2;
  }
  if (socket < 0) {
    const Bound bound = bind_socket(options.socket, trusted);
    if (bound.failure != nullptr) {
      say(bound.failure, std::strerror(errno));
      return 1;
    }
    socket = bound.socket;
  }
  if (const char* failure = keep_only_reading()) {
    say(failure);
    return 1;
  }
  const EnergyFiles files = open_energy_files(options.root);
  if (files.count == 0) {
    say("no energy counter could be opened");
  }
  if (const char* failure = keep_only_serving()) {
    say(failure);
    return 1;
  }
  return serve(socket, files, trusted, options);
}

}  // namespace
}  // namespace gradwatt

int main(int argc, char** argv) {
  gradwatt::Options options;
  if (!gradwatt::parse(argc, argv, options)) {
    ::dprintf(STDERR_FILENO, "%s", gradwatt::kUsage);
    return 2;
  }
  ::_exit(gradwatt::run(options));
}
