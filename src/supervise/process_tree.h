#pragma once

#include "units/clock.h"

#include <mutex>
#include <optional>
#include <sys/types.h>
#include <vector>

namespace gradwatt {

/// CPU time that a process and all its descendants have used so far, those that ended and were
/// waited for included. Asked for as often as one likes: looking at every process costs time, so
/// the answer is renewed every ten seconds, and less often the longer looking takes (at most
/// a thousandth of a core). Asked in between it has no answer: an old one would say that nothing
/// ran. Thread-safe.
/// Example: asked each second while a process runs, it answers at 0 s, 10 s, 20 s, and then once
/// all have ended.
class ProcessTree {
 public:
  explicit ProcessTree(const Clock& clock) : clock_(clock) {}
  /// Follows `root` from now on.
  void follow(pid_t root);
  /// All have ended and used `total`, as the kernel booked it: the answer from now on.
  void ended(Duration total);
  /// 0 before anything is followed; nullopt: not renewed since it was last asked for.
  [[nodiscard]] std::optional<Duration> cpu_time();

 private:
  const Clock& clock_;
  std::mutex mutex_;
  pid_t root_ = 0;
  Duration known_{};  ///< When none is followed.
  Instant renew_at_;
};

/// A process and all that descends from it and still runs, it first.
[[nodiscard]] std::vector<pid_t> process_and_descendants(pid_t root);

/// The processes among `candidates` that are children of this one: orphans that came to it.
[[nodiscard]] std::vector<pid_t> own_children_among(const std::vector<pid_t>& candidates);

}  // namespace gradwatt
