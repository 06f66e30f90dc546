#pragma once

#include "units/instant.h"

#include <csignal>
#include <optional>

namespace gradwatt {

/// SIGINT, SIGTERM, SIGHUP and SIGCHLD, received when asked for instead of at any moment: they are
/// blocked from construction to destruction. Signals that were ignored before (nohup) stay ignored.
/// For the main thread of a program without others.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  struct Arrival {
    int signal = 0;
    /// The kernel sent it to the whole foreground group (Ctrl-C, a closed terminal), so children
    /// in the group have it already. false: some process sent it to this one.
    bool from_terminal = false;
  };
  /// The next signal within `time`; nullopt when none came.
  [[nodiscard]] std::optional<Arrival> next(Duration time) const;

  /// For a child between fork and exec: the mask as it was found.
  void restore() const;

 private:
  sigset_t awaited_{};
  sigset_t before_{};
};

}  // namespace gradwatt
