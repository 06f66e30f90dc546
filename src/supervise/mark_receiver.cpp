#include "supervise/mark_receiver.h"

#include "base/error.h"

#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace gradwatt {

MarkReceiver::MarkReceiver(MarkSocket& socket,
                           const Clock& clock,
                           std::function<void(Mark)> on_mark)
    : socket_(socket),
      clock_(clock),
      on_mark_(std::move(on_mark)),
      wake_(::eventfd(0, EFD_CLOEXEC)) {
  if (!wake_) {
    throw system_error("cannot make an event", "mark receiver", errno);
  }
  thread_ = std::thread([this] { run(); });
}

MarkReceiver::~MarkReceiver() { stop(); }

void MarkReceiver::stop() {
  if (thread_.joinable()) {
    const std::uint64_t one = 1;
    static_cast<void>(!::write(wake_.get(), &one, sizeof(one)));
    thread_.join();
  }
}

void MarkReceiver::drain() {
  while (const auto datagram = socket_.receive()) {
    ParsedMarks parsed = parse_marks(*datagram, clock_.now());
    rejected_ += parsed.rejected;
    for (Mark& mark : parsed.marks) {
      on_mark_(std::move(mark));
    }
  }
}

void MarkReceiver::run() {
  std::array<pollfd, 2> fds{{{socket_.fd(), POLLIN, 0}, {wake_.get(), POLLIN, 0}}};
  while (fds[1].revents == 0) {
    if (::poll(fds.data(), fds.size(), -1) > 0 || errno != EINTR) {
      drain();
    }
  }
}

}  // namespace gradwatt
