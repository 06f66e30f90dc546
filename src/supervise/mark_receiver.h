#pragma once

#include "marks/mark.h"
#include "marks/mark_socket.h"
#include "units/clock.h"

#include <functional>
#include <thread>

namespace gradwatt {

/// A thread that takes marks from a socket as they come. `on_mark` is called on that thread.
class MarkReceiver {
 public:
  MarkReceiver(MarkSocket& socket, const Clock& clock, std::function<void(Mark)> on_mark);
  ~MarkReceiver();
  MarkReceiver(const MarkReceiver&) = delete;
  MarkReceiver& operator=(const MarkReceiver&) = delete;

  /// Takes what is already in the socket and ends the thread.
  void stop();

  /// Lines that were no marks. Read it after stop().
  [[nodiscard]] std::int64_t rejected() const { return rejected_; }

 private:
  void run();
  void drain();

  MarkSocket& socket_;
  const Clock& clock_;
  std::function<void(Mark)> on_mark_;
  UniqueFd wake_;
  std::int64_t rejected_ = 0;
  std::thread thread_;
};

}  // namespace gradwatt
