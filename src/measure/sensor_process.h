#pragma once

#include "base/unique_fd.h"
#include "units/instant.h"

#include <filesystem>
#include <functional>
#include <string>
#include <sys/resource.h>
#include <sys/types.h>
#include <vector>

namespace gradwatt {

/// A process with a pipe to it, for orders of one letter, and one from it, for lines.
///
/// It is in a process group of its own, so that a ^C meant for the command does not reach it; it
/// inherits no descriptor but the two pipes, its standard error goes nowhere, and its order pipe
/// closes with this process, which tells it to end.
class SensorProcess {
 public:
  SensorProcess() = default;
  ~SensorProcess() { kill(); }
  SensorProcess(const SensorProcess&) = delete;
  SensorProcess& operator=(const SensorProcess&) = delete;
  SensorProcess(SensorProcess&& other) noexcept;
  SensorProcess& operator=(SensorProcess&& other) noexcept;

  /// Runs `program` with `arguments`, or `serve` in a fork of this process. A process that cannot
  /// be started is one that has ended.
  [[nodiscard]] static SensorProcess start(const std::filesystem::path& program,
                                           const std::vector<std::string>& arguments,
                                           const std::function<int(int in, int out)>& serve);

  /// Lost when the process is gone, or too busy for anything but 'q', which waits up to 50 ms.
  void order(char letter) const;
  /// The whole lines that have arrived.
  [[nodiscard]] std::vector<std::string> take_lines();
  /// Waits until something arrives or the process ends; false when it took too long.
  [[nodiscard]] bool wait_readable(Duration patience) const;
  /// It has closed its end of the pipe, and all its lines were taken.
  [[nodiscard]] bool has_ended() const { return !from_; }
  /// Ends it at once, if it still lives, and forgets it.
  void kill();

  /// Whoever waits for any child of this process tells it here: CPU time of sensor processes is not
  /// the measured command's, though the kernel books both to RUSAGE_CHILDREN. Others are ignored.
  static void note_reaped(pid_t pid, const rusage& usage);
  /// CPU time of all sensor processes that have ended and were waited for. Thread-safe.
  [[nodiscard]] static Duration reaped_cpu_time();

 private:
  UniqueFd to_;
  UniqueFd from_;
  pid_t pid_ = 0;
  std::string partial_;
};

}  // namespace gradwatt
