#include "experiment/local_runner.h"

#include "base/error.h"
#include "base/unique_fd.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace gradwatt {
namespace {

constexpr Duration kTick = std::chrono::seconds(1);
constexpr int kSignalled = 128;
constexpr int kOwnFailure = 125;

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) {
    pointers.push_back(word.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

/// This process's environment with the store set.
std::vector<std::string> environment_with(const std::string& store) {
  constexpr std::string_view kStore = "GRADWATT_STORE=";
  std::vector<std::string> variables{std::string(kStore) + store};
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!std::string_view(*variable).starts_with(kStore)) {
      variables.emplace_back(*variable);
    }
  }
  return variables;
}

/// What a point's process does between fork and exec: only calls that are safe there.
struct Spawn {
  std::vector<char*> words;
  std::vector<char*> variables;
  int input;
  int log;
  pid_t parent;
  const char* folder;  ///< nullptr: stay.

  [[noreturn]] void become(const StopSignals& signals) const {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) {
      ::_exit(kOwnFailure);  // The sweep died before the kernel was told to say so.
    }
    if (folder != nullptr && ::chdir(folder) != 0) {
      ::_exit(kOwnFailure);
    }
    signals.restore();
    ::dup2(input, STDIN_FILENO);
    ::dup2(log, STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    ::execve(words.front(), words.data(), variables.data());
    ::_exit(kOwnFailure);
  }
};

/// The status of a child that has ended, as a shell gives it; nullopt while it runs.
std::optional<int> status_if_ended(pid_t child) {
  int status = 0;
  if (::waitpid(child, &status, WNOHANG) != child) {
    return std::nullopt;
  }
  return WIFSIGNALED(status) ? kSignalled + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

LocalRunner::LocalRunner(Setup setup, const SweepFolder& folder, const Clock& clock)
    : setup_(std::move(setup)), folder_(folder), clock_(clock) {}

pid_t LocalRunner::start(const PlannedPoint& point) const {
  const std::filesystem::path log = folder_.log_of(point.point.key);
  const UniqueFd output(
      ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600));
  if (!output) {
    throw system_error("cannot create", log.string(), errno, "check free space and permissions");
  }
  const UniqueFd input(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!input) {
    throw system_error("cannot open", "/dev/null", errno);
  }
  std::vector<std::string> words = run_arguments(setup_.gradwatt.string(), point, setup_.tags);
  std::vector<std::string> variables = environment_with(setup_.store.string());
  const Spawn spawn{pointers_to(words),
                    pointers_to(variables),
                    input.get(),
                    output.get(),
                    ::getpid(),
                    setup_.folder.empty() ? nullptr : setup_.folder.c_str()};
  const pid_t child = ::fork();
  if (child < 0) {
    throw system_error("cannot start a process", setup_.gradwatt.string(), errno);
  }
  if (child == 0) {
    spawn.become(signals_);
  }
  return child;
}

PointRunner::End LocalRunner::run(const PlannedPoint& point) {
  const Instant begin = clock_.now();
  const pid_t child = start(point);
  End end;
  while (true) {
    if (const auto status = status_if_ended(child)) {
      end.exit_status = *status;
      return end;
    }
    const auto arrival = signals_.next(kTick);
    setup_.tick(clock_.now() - begin);
    if (!arrival || arrival->signal == SIGCHLD) {
      continue;
    }
    if (end.stop_signal) {
      ::kill(child, SIGTERM);
    } else if (!arrival->from_terminal) {
      ::kill(child, arrival->signal);
    }
    end.stop_signal = end.stop_signal.value_or(arrival->signal);
  }
}

std::optional<int> LocalRunner::pause(Duration time) {
  const Instant end = clock_.now() + time;
  while (true) {
    const Duration left = end - clock_.now();
    const auto arrival = signals_.next(left);
    if (arrival && arrival->signal != SIGCHLD) {
      return arrival->signal;
    }
    if (!arrival && left <= Duration{}) {
      return std::nullopt;
    }
  }
}

std::vector<std::string> run_arguments(const std::string& gradwatt,
                                       const PlannedPoint& point,
                                       const std::map<std::string, std::string>& tags) {
  std::vector<std::string> words{gradwatt,
                                 "run",
                                 "--quiet",
                                 "-n",
                                 point.point.sweep + "#" + std::to_string(point.position),
                                 "--point",
                                 point_to_json(point.point),
                                 "-t",
                                 "sweep.position=" + std::to_string(point.position)};
  for (const auto* some : {&tags, &point.tags}) {
    for (const auto& [name, value] : *some) {
      words.emplace_back("-t");
      words.push_back(name + "=" + value);
    }
  }
  words.insert(words.end(), point.run_flags.begin(), point.run_flags.end());
  words.emplace_back("--");
  words.insert(words.end(), point.command.begin(), point.command.end());
  return words;
}

std::filesystem::path own_program() {
  std::error_code error;
  auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) {
    throw system_error("cannot find gradwatt's own program", "/proc/self/exe", error.value());
  }
  return program;
}

}  // namespace gradwatt
