#pragma once

#include <string>
#include <sys/types.h>

namespace gradwatt {

/// A command that makes load while something else is measured: `sh -c` in a process group of its
/// own, which can be held and let go on at once. Its output goes to stderr. Ends with the object,
/// and with this process.
class LoadCommand {
 public:
  /// Throws Error when there can be no new process.
  explicit LoadCommand(const std::string& command);
  ~LoadCommand();
  LoadCommand(const LoadCommand&) = delete;
  LoadCommand& operator=(const LoadCommand&) = delete;

  void hold();
  void go_on();
  /// Whether it has ended by itself.
  [[nodiscard]] bool has_ended();

 private:
  pid_t pid_ = 0;
  bool ended_ = false;
};

}  // namespace gradwatt
