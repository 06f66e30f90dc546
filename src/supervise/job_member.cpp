#include "supervise/job_member.h"

#include "base/file.h"
#include "marks/mark_sender.h"
#include "supervise/mark_receiver.h"

#include <cerrno>
#include <sys/resource.h>

namespace gradwatt {
namespace {

constexpr int kNotFound = 127;
constexpr int kNotExecutable = 126;

std::string outer_job(const JobIdentity& job) {
  return (job.outer.empty() ? job.job : job.outer) + "@" + job.node;
}

double waited_cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  const auto of = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

/// Runs the command; its marks go on to the socket `marks`, with this process's rank.
RunResult run_for(const RunOptions& options, const std::string& run_id, const std::string& marks) {
  const SystemClock clock;
  const MarkSender sender(marks);
  MarkSocket socket;
  RunResult result;
  Child child;  // Blocks signals before the receiver's thread starts.
  MarkReceiver receiver(socket, clock, [&](Mark mark) {
    mark.rank = mark.rank ? mark.rank : options.job->rank;
    sender.send(mark);
  });
  const int failure =
      child.start(options.command, child_variables(options.job, socket.path().string(), run_id));
  if (failure == 0) {
    result.end = child.wait();
  } else {
    result.start_errno = failure;
    result.end.exit_status = status_of_failed_start(failure);
  }
  receiver.stop();
  result.measured_in = run_id;
  return result;
}

}  // namespace

JobMember::JobMember(const Store& store, const JobIdentity& job, WallTime now)
    : job_(job), run_(join_run(store, job.job, job.node, now)) {}

void JobMember::save_begin(const Manifest& manifest) {
  part_.node = job_.node;
  part_.nodes = job_.nodes;
  part_.started_at = manifest.started_at;
  part_.boot = trimmed(read_text("/proc/sys/kernel/random/boot_id").value_or(""));
  part_.clocks.push_back(read_clock_pair());
  if (job_.rank) {
    part_.ranks[*job_.rank] = std::nullopt;
  }
  part_.environment = manifest.environment;
  if (run_.is_first) {
    save_manifest(run_.folder, manifest);
  }
  save_node_part(run_.folder, part_);
}

void JobMember::save_end(Manifest& manifest, const std::map<int, std::optional<int>>& others) {
  if (job_.rank) {
    part_.ranks[*job_.rank] = manifest.exit_status;
  }
  for (const auto& [rank, status] : others) {
    if (rank >= 0) {
      part_.ranks[rank] = status;
    }
    if (manifest.state == RunState::done && status.value_or(1) != 0) {
      manifest.state = RunState::failed;
    }
  }
  part_.clocks.push_back(read_clock_pair());
  part_.state = manifest.state;
  part_.duration = manifest.duration;
  save_node_part(run_.folder, part_);
  if (run_.is_first) {
    save_manifest(run_.folder, manifest);
  }
}

ChildVariables child_variables(const std::optional<JobIdentity>& job,
                               const std::string& marks,
                               const std::string& run_id) {
  ChildVariables variables{{"GRADWATT_SOCKET", marks}, {"GRADWATT_RUN_ID", run_id}};
  if (job) {
    variables.emplace_back("GRADWATT_JOB", outer_job(*job));
  }
  return variables;
}

bool is_measured_around(const JobIdentity& job, const std::string& value) {
  return !value.empty() && value == outer_job(job);
}

RunResult run_with(const std::vector<std::string>& command, const ChildVariables& variables) {
  RunResult result;
  Child child;
  const int failure = child.start(command, variables);
  if (failure == 0) {
    result.end = child.wait();
  } else {
    result.start_errno = failure;
    result.end.exit_status = status_of_failed_start(failure);
  }
  return result;
}

RunResult run_as_follower(const RunOptions& options, NodeFollower& lead) {
  RunResult result = run_for(options, lead.run_id(), lead.marks());
  result.lead_lost = !lead.tell_end(result.end.exit_status, waited_cpu_seconds());
  return result;
}

RunResult run_around(const RunOptions& options) {
  return run_for(options, options.around->run_id, options.around->marks);
}

RunResult run_beside(const RunOptions& options, const std::string& run_id) {
  RunResult result = run_with(options.command, {{"GRADWATT_RUN_ID", run_id}});
  result.measured_in = run_id;
  result.lead_unseen = true;
  return result;
}

int status_of_failed_start(int errno_value) {
  return errno_value == ENOENT ? kNotFound : kNotExecutable;
}

}  // namespace gradwatt
