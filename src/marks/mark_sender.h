#pragma once

#include "base/unique_fd.h"
#include "marks/mark.h"

#include <string>

namespace gradwatt {

/// The sending end of the mark protocol, for handing received marks on. Never waits and never
/// fails: a mark that finds no room or no receiver is lost.
class MarkSender {
 public:
  explicit MarkSender(std::string socket);

  void send(const Mark& mark) const;

 private:
  std::string socket_;
  UniqueFd fd_;
};

/// A mark as the datagram it came in, with all that is known of it.
/// Example  EPOCH=3 at 5000 ns from rank 1: "EPOCH=3\nT=5000\nRANK=1\n".
[[nodiscard]] std::string datagram_of(const Mark& mark);

}  // namespace gradwatt
