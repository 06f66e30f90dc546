#include "supervise/run_command.h"

#include "base/error.h"
#include "marks/mark_socket.h"
#include "measure/sampler.h"
#include "measure/sources/catalog.h"
#include "record/ulid.h"
#include "supervise/mark_receiver.h"
#include "supervise/process_tree.h"
#include "supervise/recorder.h"
#include "supervise/run_environment.h"

#include <cerrno>
#include <sys/resource.h>

namespace gradwatt {
namespace {

constexpr int kNotFound = 127;
constexpr int kNotExecutable = 126;

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
  manifest.environment = run_environment(options.sysroot);
  return manifest;
}

constexpr Duration kCounterInterval = std::chrono::milliseconds(100);
constexpr Duration kEstimateInterval = std::chrono::milliseconds(500);

Duration usual_interval(const std::vector<SourceColumns>& sources) {
  for (const SourceColumns& source : sources) {
    for (const ChannelInfo& channel : source.channels) {
      if (channel.kind == EnergyKind::measured) {
        return kCounterInterval;
      }
    }
  }
  return kEstimateInterval;
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

/// Everything that watches one command. Its parts start in order and end in reverse.
class Monitor {
 public:
  Monitor(const RunOptions& options, const Store& store)
      : options_(options), manifest_(new_manifest(options, clock_)) {
    Machine machine{
        options.sysroot, &clock_, options.known_power, [this] { return tree_.cpu_time(); }};
    Discovery discovery = discover_sources(machine);
    findings_ = std::move(discovery.findings);
    poller_.emplace(std::move(discovery.sources),
                    clock_,
                    SampleSink{[this](SampleRow row) { recorder_->take(std::move(row)); },
                               [this](GapRow row) { recorder_->take(std::move(row)); }});
    folder_ = store.create_run(manifest_.run_id);
    recorder_.emplace(
        NodeFileWriter(folder_, manifest_.environment["host"], clock_.now(), poller_->columns()));
    save_manifest(folder_, manifest_);
  }

  RunResult run() {
    if (options_.on_start) {
      options_.on_start(manifest_, findings_);
    }
    poller_->poll();  // The value that the run's first microjoule is counted from.
    const Instant begin = clock_.now();
    recorder_->begin(begin);
    const int failure = child_.start(
        options_.command,
        {{"GRADWATT_SOCKET", socket_.path().string()}, {"GRADWATT_RUN_ID", manifest_.run_id}});
    RunResult result;
    if (failure == 0) {
      result.end = watch();
    } else {
      result.start_errno = failure;
      result.end.exit_status = failure == ENOENT ? kNotFound : kNotExecutable;
      poller_->finish();
    }
    finish(result, begin);
    return result;
  }

 private:
  ChildEnd watch() {
    tree_.follow(child_.pid());
    Sampler sampler(
        *poller_, clock_, options_.interval.value_or(usual_interval(poller_->columns())));
    MarkReceiver receiver(socket_, clock_, [&](Mark mark) {
      if (asks_for_a_reading(mark)) {
        sampler.nudge();
      }
      recorder_->take(std::move(mark));
    });
    const ChildEnd end = child_.wait();
    ended_ = clock_.now();
    tree_.ended(from_seconds(cpu_seconds(RUSAGE_CHILDREN)));
    sampler.stop();
    receiver.stop();
    monitor_.late = sampler.late();
    monitor_.marks_rejected = receiver.rejected();
    return end;
  }

  void finish(RunResult& result, Instant begin) {
    const Instant end = ended_.value_or(clock_.now());
    monitor_.cpu_s = cpu_seconds(RUSAGE_SELF);
    monitor_.child_cpu_s = cpu_seconds(RUSAGE_CHILDREN);
    monitor_.readings = poller_->readings();
    result.not_stored = recorder_->finish(end, monitor_);
    manifest_.duration = end - begin;
    manifest_.exit_status = result.end.exit_status;
    manifest_.signal = result.end.signal;
    manifest_.state = state_of(result.end);
    try {
      save_manifest(folder_, manifest_);
    } catch (const Error& error) {
      result.not_stored = error.what();
    }
    recorder_.reset();  // Gives the node file free for readers.
    result.folder = folder_;
    result.manifest = manifest_;
  }

  const RunOptions& options_;
  SystemClock clock_;
  Manifest manifest_;
  ProcessTree tree_;
  Child child_;  // Blocks signals before any thread starts.
  MarkSocket socket_;
  std::vector<Finding> findings_;
  std::optional<Poller> poller_;
  std::filesystem::path folder_;
  std::optional<Recorder> recorder_;
  MonitorAccount monitor_;
  std::optional<Instant> ended_;
};

}  // namespace

RunResult run_command(const RunOptions& options, const Store& store) {
  return Monitor(options, store).run();
}

}  // namespace gradwatt
