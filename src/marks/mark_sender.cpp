#include "marks/mark_sender.h"

#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <utility>

namespace gradwatt {

MarkSender::MarkSender(std::string socket)
    : socket_(std::move(socket)), fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {}

void MarkSender::send(const Mark& mark) const {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (!fd_ || socket_.size() >= sizeof(address.sun_path)) {
    return;
  }
  std::memcpy(address.sun_path, socket_.c_str(), socket_.size());
  const std::string datagram = datagram_of(mark);
  static_cast<void>(::sendto(fd_.get(),
                             datagram.data(),
                             datagram.size(),
                             MSG_DONTWAIT | MSG_NOSIGNAL,
                             static_cast<const sockaddr*>(static_cast<const void*>(&address)),
                             sizeof(address)));
}

std::string datagram_of(const Mark& mark) {
  std::string text = mark.key + "=" + mark.value + "\nT=" + std::to_string(mark.time.ns) + "\n";
  const auto add = [&](const char* key, const auto& value) {
    if (value) {
      text += key + std::to_string(*value) + "\n";
    }
  };
  add("SEQ=", mark.seq);
  add("PID=", mark.pid);
  add("RANK=", mark.rank);
  return text;
}

}  // namespace gradwatt
