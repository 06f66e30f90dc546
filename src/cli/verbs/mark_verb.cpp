#include "base/error.h"
#include "base/unique_fd.h"
#include "cli/catalog.h"
#include "marks/mark.h"
#include "units/clock.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace gradwatt {
namespace {

/// One datagram to the socket. The program that marks must never fail because of it.
void send(const std::string& datagram, const std::string& socket) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket.size() >= sizeof(address.sun_path)) {
    return;
  }
  std::memcpy(address.sun_path, socket.c_str(), socket.size());
  const UniqueFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ::sendto(fd.get(),
           datagram.data(),
           datagram.size(),
           MSG_DONTWAIT | MSG_NOSIGNAL,
           static_cast<const sockaddr*>(static_cast<const void*>(&address)),
           sizeof(address));
}

int mark(const std::vector<std::string>& lines) {
  std::string datagram;
  for (const std::string& line : lines) {
    datagram += line + "\n";
  }
  const Instant now = SystemClock().now();
  if (parse_marks(datagram, now).rejected > 0) {
    throw UsageError(
        "no mark in: " + lines.front(), "", "write KEY=VALUE, as in: gradwatt mark EPOCH=3");
  }
  if (const char* socket = std::getenv("GRADWATT_SOCKET")) {
    send(fmt::format("{}T={}\n", datagram, now.ns), socket);
  }
  return 0;
}

std::function<int()> declare(CLI::App& app, const VerbContext&) {
  auto lines = std::make_shared<std::vector<std::string>>();
  app.add_option("marks", *lines, "KEY=VALUE, one or more: EPOCH=3 METRIC=val_acc:0.91")
      ->required();
  return [lines] { return mark(*lines); };
}

}  // namespace

Verb mark_verb() {
  return {
      "mark", "Mark an epoch, phase or metric from a shell; does nothing outside a run", declare};
}

}  // namespace gradwatt
