#pragma once

#include "experiment/point_runner.h"
#include "experiment/stop_signals.h"
#include "experiment/sweep_folder.h"
#include "units/clock.h"

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace gradwatt {

/// Runs points on this machine, one at a time, each under `gradwatt run` as a child process.
///
/// The child's output goes to the point's log. It is in this process's group, so a Ctrl-C at the
/// terminal reaches it by itself; a signal that another process sends is passed on, once. A further
/// signal of any kind ends the point with SIGTERM. When this process is killed the kernel sends
/// SIGTERM to the child (PR_SET_PDEATHSIG), so a point never outlives its sweep unobserved.
class LocalRunner final : public PointRunner {
 public:
  struct Setup {
    std::filesystem::path gradwatt;  ///< The program to start.
    std::filesystem::path store;     ///< Where the runs go.
    std::filesystem::path folder;    ///< Where commands start; empty: where this process is.
    std::map<std::string, std::string> tags;
    std::function<void(Duration elapsed)> tick;  ///< Called about every second while a point runs.
  };
  /// Keeps references to what it is given.
  LocalRunner(Setup setup, const SweepFolder& folder, const Clock& clock);

  [[nodiscard]] End run(const PlannedPoint& point) override;
  [[nodiscard]] std::optional<int> pause(Duration time) override;

 private:
  [[nodiscard]] pid_t start(const PlannedPoint& point) const;

  Setup setup_;
  const SweepFolder& folder_;
  const Clock& clock_;
  StopSignals signals_;
};

/// The words of `gradwatt run` for one point.
[[nodiscard]] std::vector<std::string> run_arguments(
    const std::string& gradwatt,
    const PlannedPoint& point,
    const std::map<std::string, std::string>& tags);

/// This program's file. Throws Error.
[[nodiscard]] std::filesystem::path own_program();

}  // namespace gradwatt
