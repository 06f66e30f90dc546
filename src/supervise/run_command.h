#pragma once

#include "measure/sensor_set.h"
#include "measure/source.h"
#include "record/manifest.h"
#include "record/store.h"
#include "supervise/child.h"
#include "supervise/job_identity.h"
#include "supervise/stop_watch.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

struct RunOptions {
  std::string name;
  std::map<std::string, std::string> tags;
  std::optional<SweepPoint> point;
  /// Time between readings. Absent: 100 ms, or 500 ms where only an estimate is to be had, which
  /// more readings would not make better: marks ask for their own.
  std::optional<Duration> interval;
  /// Where the sensors are; its clock and the run's CPU time are filled in here.
  Machine machine;
  CoverChoice cover = CoverChoice::components;
  /// How long to wait at the end for slow counters; see SensorSet::settle.
  std::optional<Duration> settle;
  /// How to start the process that reads a family whose reads can block; absent: none is.
  std::function<SensorHost::Options(const SourceFamily& family, std::optional<Duration> interval)>
      host;
  std::vector<std::string> command;
  /// The job of several processes that this one belongs to: one process measures each node.
  std::optional<JobIdentity> job;
  /// A `gradwatt run` around this one that measures this node for the job already.
  struct Around {
    std::string run_id;
    std::string marks;  ///< Its socket.
  };
  std::optional<Around> around;
  /// When to ask the command to stop; no rules: never. Not with a job of several processes.
  StopWatch::Options stop;
  /// Called before the command starts, with what was found to measure.
  std::function<void(const Manifest&, const std::vector<Finding>&)> on_start;
};

struct RunResult {
  std::filesystem::path folder;
  Manifest manifest;
  ChildEnd end;
  std::optional<int> start_errno;         ///< The command could not be started.
  std::optional<std::string> not_stored;  ///< Part of the record could not be written.
  /// Another process measured this node, in this run. `folder` is empty.
  std::optional<std::string> measured_in;
  bool lead_lost = false;    ///< And it ended before the command did.
  bool lead_unseen = false;  ///< And it could not be reached, so the command's marks are lost.
};

/// Runs a command and measures it: the only place that knows sources, marks and the store at once.
///
/// Of the processes of a job on a node one measures, until the last of them has ended, or until its
/// own command fails: then nothing holds up the news. The others hand their commands' marks to it.
/// Throws Error only before the command is started, and leaves nothing in the store then; from then
/// on a failure of measuring or storing never touches the command and is told in the result.
[[nodiscard]] RunResult run_command(const RunOptions& options, const Store& store);

/// Runs a command and only waits for it, for when it cannot be measured: no folder, no manifest.
/// Throws Error only when signals cannot be watched.
[[nodiscard]] RunResult run_unmeasured(const std::vector<std::string>& command);

}  // namespace gradwatt
