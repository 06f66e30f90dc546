#include "supervise/run_command.h"

#include "base/error.h"
#include "marks/mark_socket.h"
#include "measure/calibration.h"
#include "measure/sensor_process.h"
#include "measure/sources/catalog.h"
#include "record/job_folder.h"
#include "record/ulid.h"
#include "supervise/job_member.h"
#include "supervise/mark_receiver.h"
#include "supervise/node_seat.h"
#include "supervise/process_tree.h"
#include "supervise/recorder.h"
#include "supervise/run_environment.h"

#include <algorithm>
#include <csignal>
#include <memory>
#include <sys/resource.h>

namespace gradwatt {
namespace {

double cpu_seconds(int who) {
  rusage usage{};
  ::getrusage(who, &usage);
  const auto of = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

Manifest new_manifest(const RunOptions& options, const Clock& clock) {
  Manifest manifest;
  manifest.started_at = clock.wall();
  manifest.run_id = new_ulid(manifest.started_at);
  manifest.name = options.name;
  manifest.command = without_secrets(options.command);
  std::error_code error;
  manifest.directory = std::filesystem::current_path(error).string();
  manifest.tags = options.tags;
  manifest.point = options.point;
  manifest.environment = run_environment(options.machine.sysroot);
  return manifest;
}

bool asks_for_a_reading(const Mark& mark) {
  return mark.key == "EPOCH" || mark.key == "EPOCH_END" || mark.key == "PHASE" ||
         mark.key == "PHASE_END";
}

/// A command that was asked to stop may tidy up and exit with 0: it was cut short all the same, and
/// a sweep that took it for finished would compare half a training with whole ones.
RunState state_of(const ChildEnd& end) {
  if (end.was_asked_to_stop) {
    return RunState::interrupted;
  }
  return end.exit_status == 0 ? RunState::done : RunState::failed;
}

/// A run's folder, which is removed again while it holds no run.
class RunFolder {
 public:
  explicit RunFolder(std::filesystem::path path) : path_(std::move(path)) {}
  ~RunFolder() {
    if (!holds_a_run_) {
      std::error_code ignored;
      std::filesystem::remove_all(path_, ignored);
    }
  }
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  void keep() { holds_a_run_ = true; }

 private:
  std::filesystem::path path_;
  bool holds_a_run_ = false;
};

/// After so long whoever was to come and has not is not wrapped, and nobody waits for it.
constexpr Duration kWaitForMissing = std::chrono::seconds(10);

/// Everything that watches one command. Its parts start in order and end in reverse.
class Monitor {
 public:
  Monitor(const RunOptions& options,
          const Store& store,
          std::unique_ptr<NodeLead> lead,
          std::optional<JobMember> member)
      : options_(options),
        lead_(std::move(lead)),
        member_(std::move(member)),
        manifest_(new_manifest(options, clock_)) {
    Machine machine = options.machine;
    machine.clock = &clock_;
    if (machine.calibration && !lead_) {  // It is one machine's; run.json speaks of all nodes.
      manifest_.calibration = machine.calibration->for_run();
    }
    machine.run_cpu_time = [this] { return tree_.cpu_time(); };
    sensors_.emplace(
        machine,
        SensorSet::Options{source_families(), options.cover, options.interval, options.host});
    manifest_.environment.merge(sensor_facts(sensors_->columns()));
    if (!options.stop.rules.empty()) {
      stop_.emplace(
          options.stop, sensors_->columns(), [this](int signal) { send_to_command(signal); });
    }
    std::string node = manifest_.environment["host"];
    if (lead_) {
      node = lead_->job().node;
      manifest_.run_id = member_->run().run_id;
      folder_.emplace(member_->run().folder);
      folder_->keep();  // It is not this node's alone.
    } else {
      folder_.emplace(store.create_run(manifest_.run_id));
    }
    recorder_.emplace(NodeFileWriter(folder_->path(), node, clock_.now(), sensors_->columns()),
                      [this] { sensors_->drain(); });
    member_ ? member_->save_begin(manifest_) : save_manifest(folder_->path(), manifest_);
    folder_->keep();
  }

  ~Monitor() { sensors_->stop(); }  // Before what its readings are handed to.
  Monitor(const Monitor&) = delete;
  Monitor& operator=(const Monitor&) = delete;

  RunResult run() {
    if (options_.on_start) {
      options_.on_start(manifest_, sensors_->findings());
    }
    sensors_->take_first_reading({[this](SampleRow row) { take(std::move(row)); },
                                  [this](GapRow row) { recorder_->take(std::move(row)); },
                                  [this](StateRow row) { recorder_->take(std::move(row)); }});
    begin_ = clock_.now();
    recorder_->begin(begin_);
    if (lead_) {  // Only now, so that nothing that the others' commands use is missed.
      lead_->announce(manifest_.run_id, socket_.path().string());
    }
    const int failure = child_.start(
        options_.command, child_variables(options_.job, socket_.path().string(), manifest_.run_id));
    RunResult result;
    if (failure == 0) {
      result.end = watch();
    } else {
      result.start_errno = failure;
      result.end.exit_status = status_of_failed_start(failure);
      monitor_.child_cpu_s = 0;
      sensors_->stop();
    }
    finish(result);
    return result;
  }

 private:
  void take(SampleRow row) {
    if (stop_) {
      stop_->see(row);
    }
    recorder_->take(std::move(row));
  }

  /// A rule of the run wants it to end. What descends from the command gets the last signal, too:
  /// it would use energy in whatever is measured next.
  void send_to_command(int signal) {
    descendants_ = process_and_descendants(child_.pid());
    if (signal == SIGTERM) {
      ::kill(child_.pid(), signal);
      return;
    }
    std::for_each(descendants_.begin(), descendants_.end(), [&](pid_t p) { ::kill(p, signal); });
  }

  void note_stop() {
    manifest_.stopped_by = stop_ ? stop_->command_ended() : std::nullopt;
    if (manifest_.stopped_by) {
      for (const pid_t orphan : own_children_among(descendants_)) {
        ::kill(orphan, SIGKILL);
      }
    }
  }

  ChildEnd watch() {
    tree_.follow(child_.pid());
    sensors_->begin();
    MarkReceiver receiver(socket_, clock_, [&](Mark mark) {
      if (lead_ && !mark.rank) {
        mark.rank = lead_->job().rank;
      }
      if (mark.rank.value_or(0) == 0 && asks_for_a_reading(mark)) {
        sensors_->nudge();
      }
      if (stop_) {
        stop_->see(mark);
      }
      recorder_->take(std::move(mark));
    });
    ChildEnd end = child_.wait();
    note_stop();
    end.was_asked_to_stop = end.was_asked_to_stop || manifest_.stopped_by.has_value();
    if (lead_) {
      wait_for_others(end);
    }
    ended_ = clock_.now();
    // Before the processes that read sensors end, whose CPU time is not the command's; that of
    // those which crashed or hung before is taken off.
    sensors_reaped_s_ = seconds(SensorProcess::reaped_cpu_time());
    monitor_.child_cpu_s = std::max(0.0, cpu_seconds(RUSAGE_CHILDREN) - sensors_reaped_s_) +
                           (lead_ ? lead_->cpu_s() : 0);
    tree_.ended(from_seconds(*monitor_.child_cpu_s));
    sensors_->settle(begin_, *ended_, options_.settle);
    sensors_->stop();
    receiver.stop();
    monitor_.marks_rejected = receiver.rejected();
    return end;
  }

  /// Until the last process of the job on this node has ended. A failure is told at once instead:
  /// the others may be waiting for what failed, and the launcher for its exit status.
  void wait_for_others(ChildEnd& end) {
    const Instant patience_ends = begin_ + kWaitForMissing;
    while (end.exit_status == 0 && !end.was_asked_to_stop) {
      const NodeLead::Standing standing = lead_->standing();
      const Duration patience = patience_ends - clock_.now();
      const bool waits_for_missing = standing.missing > 0 && patience > Duration{};
      if (standing.connected == 0 && !waits_for_missing) {
        break;
      }
      end.was_asked_to_stop = !child_.wait_on(
          lead_->changed_fd(), waits_for_missing ? std::optional(patience) : std::nullopt);
    }
    lead_->close();
  }

  void finish(RunResult& result) {
    const Instant end = ended_.value_or(clock_.now());
    const SensorSet::Effort& effort = sensors_->effort();
    monitor_.cpu_s =
        cpu_seconds(RUSAGE_SELF) + sensors_reaped_s_ + seconds(effort.processes_cpu_time);
    monitor_.readings = effort.readings;
    monitor_.late = effort.late;
    monitor_.reading_s = seconds(effort.reading_time);
    result.not_stored = recorder_->finish(end, monitor_);
    manifest_.duration = end - begin_;
    manifest_.exit_status = result.end.exit_status;
    manifest_.signal = result.end.signal;
    manifest_.state = state_of(result.end);
    try {
      member_ ? member_->save_end(manifest_, lead_->ranks())
              : save_manifest(folder_->path(), manifest_);
    } catch (const Error& error) {
      result.not_stored = error.what();
    }
    recorder_.reset();  // Gives the node file free for readers.
    result.folder = folder_->path();
    result.manifest = manifest_;
  }

  const RunOptions& options_;
  std::unique_ptr<NodeLead> lead_;  ///< Absent: no job of several processes.
  std::optional<JobMember> member_;
  SystemClock clock_;
  Manifest manifest_;
  ProcessTree tree_{clock_};
  Child child_;  // Blocks signals before any thread starts.
  MarkSocket socket_;
  std::optional<SensorSet> sensors_;
  std::optional<RunFolder> folder_;
  std::optional<Recorder> recorder_;
  std::optional<StopWatch> stop_;
  std::vector<pid_t> descendants_;  ///< Of the command when it was asked to stop.
  MonitorAccount monitor_;
  double sensors_reaped_s_ = 0;  ///< CPU time of sensor processes that ended before the command.
  Instant begin_;
  std::optional<Instant> ended_;
};

}  // namespace

RunResult run_command(const RunOptions& options, const Store& store) {
  if (!options.job) {
    return Monitor(options, store, nullptr, std::nullopt).run();
  }
  if (options.around) {
    return run_around(options);
  }
  NodeSeat seat = take_seat(*options.job);
  if (auto* follower = std::get_if<NodeFollower>(&seat)) {
    return run_as_follower(options, *follower);
  }
  auto lead = std::move(std::get<std::unique_ptr<NodeLead>>(seat));
  JobMember member(store, *options.job, SystemClock().wall());
  if (member.run().is_measured_already) {
    return run_beside(options, member.run().run_id);
  }
  return Monitor(options, store, std::move(lead), std::move(member)).run();
}

RunResult run_unmeasured(const std::vector<std::string>& command) { return run_with(command, {}); }

}  // namespace gradwatt
