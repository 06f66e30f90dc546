#pragma once

#include "base/unique_fd.h"
#include "broker/broker_message.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <vector>

namespace gradwatt {

/// Something on a socket where a broker could be. It says once what it is told to.
class FakeBroker {
 public:
  explicit FakeBroker(const std::filesystem::path& path)
      : socket_(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0)) {
    std::filesystem::create_directories(path.parent_path());
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.string().copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
              0);
    EXPECT_EQ(::listen(socket_.get(), 1), 0);
  }
  ~FakeBroker() {
    ::shutdown(socket_.get(), SHUT_RDWR);  // Nobody comes any more.
    if (thread_.joinable()) {
      thread_.join();
    }
  }
  FakeBroker(const FakeBroker&) = delete;
  FakeBroker& operator=(const FakeBroker&) = delete;

  /// To the first who comes; an empty `packet` is no packet, but the end.
  void say(std::string packet, std::vector<UniqueFd> descriptors = {}) {
    thread_ = std::thread([this, packet = std::move(packet), fds = std::move(descriptors)] {
      const UniqueFd peer(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!packet.empty()) {
        send(peer.get(), packet, fds);
      }
    });
  }
  void say(const BrokerMessage& message, std::vector<UniqueFd> descriptors = {}) {
    std::string packet(sizeof message, '\0');
    std::memcpy(packet.data(), &message, sizeof message);
    say(std::move(packet), std::move(descriptors));
  }

 private:
  static void send(int peer, std::string packet, const std::vector<UniqueFd>& fds) {
    iovec part{packet.data(), packet.size()};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    const std::size_t size = fds.size() * sizeof(int);
    std::vector<cmsghdr> control(CMSG_SPACE(size) / sizeof(cmsghdr) + 1);
    if (!fds.empty()) {
      header.msg_control = control.data();
      header.msg_controllen = CMSG_SPACE(size);
      cmsghdr* const first = CMSG_FIRSTHDR(&header);
      first->cmsg_level = SOL_SOCKET;
      first->cmsg_type = SCM_RIGHTS;
      first->cmsg_len = CMSG_LEN(size);
      for (std::size_t i = 0; i < fds.size(); ++i) {
        const int fd = fds[i].get();
        std::memcpy(CMSG_DATA(first) + i * sizeof fd, &fd, sizeof fd);
      }
    }
    EXPECT_GE(::sendmsg(peer, &header, MSG_NOSIGNAL), 0);
  }

  UniqueFd socket_;
  std::thread thread_;
};

/// The broker's answer that comes with one file for each of `zones`.
inline BrokerMessage serving(const std::vector<std::string>& zones) {
  BrokerMessage message;
  message.count = static_cast<std::uint32_t>(zones.size());
  for (std::size_t i = 0; i < zones.size(); ++i) {
    zones[i].copy(message.files[i].zone.data(), message.files[i].zone.size());
  }
  return message;
}

}  // namespace gradwatt
