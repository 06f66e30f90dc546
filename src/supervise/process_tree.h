#pragma once

#include "units/instant.h"

#include <mutex>
#include <optional>
#include <sys/types.h>

namespace gradwatt {

/// CPU time that a process and all its descendants have used so far, those that ended and were
/// waited for included. Asked for as often as one likes: looking at every process costs time, so
/// the answer is renewed every ten seconds, and less often the longer looking takes (at most
/// a thousandth of a core). Thread-safe.
class ProcessTree {
 public:
  /// Follows `root` from now on.
  void follow(pid_t root);
  /// All have ended and used `total`, as the kernel booked it: the answer from now on.
  void ended(Duration total);
  [[nodiscard]] std::optional<Duration> cpu_time();

 private:
  std::mutex mutex_;
  pid_t root_ = 0;
  std::optional<Duration> known_;
  Instant renew_at_;
};

}  // namespace gradwatt
