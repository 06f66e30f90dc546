#pragma once

#include "base/unique_fd.h"
#include "units/instant.h"

#include <csignal>
#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace gradwatt {

/// How a command ended.
struct ChildEnd {
  int exit_status = 0;             ///< As a shell reports it: 128 + n for signal n.
  std::optional<int> signal;       ///< The signal that ended it.
  bool was_asked_to_stop = false;  ///< This process got INT, TERM, HUP or QUIT before that.
};

/// A command with this process's terminal, descriptors, working folder and process group.
///
/// Signals another process sends to this one are passed on once; those of the terminal reach the
/// command by themselves, for it is in the same group. Orphans of the command come to this process
/// and are waited for, so that their CPU time is counted.
class Child {
 public:
  /// Blocks the signals that wait() handles, in this thread and those it starts later.
  Child();
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Starts `command` (looked up in PATH) with `extra` added to the environment. Returns errno when
  /// it cannot be started, 0 otherwise.
  [[nodiscard]] int start(const std::vector<std::string>& command,
                          const std::vector<std::pair<std::string, std::string>>& extra);

  [[nodiscard]] pid_t pid() const { return pid_; }

  /// Waits until the command has ended, passing signals on.
  [[nodiscard]] ChildEnd wait();

  /// When the command has ended: waits until `fd` is readable or `time` has passed. Returns false
  /// when this process was asked to stop meanwhile.
  [[nodiscard]] bool wait_on(int fd, std::optional<Duration> time);

 private:
  void pass_on(int signal, int code, int sender);

  sigset_t handled_{};
  sigset_t before_{};
  UniqueFd signals_;
  pid_t pid_ = 0;
  bool asked_to_stop_ = false;
};

}  // namespace gradwatt
