#include "supervise/child.h"

#include "base/error.h"
#include "base/expects.h"
#include "measure/sensor_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gradwatt {
namespace {

constexpr int kExecFailed = 127;
constexpr std::array kPassedOn{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};

bool asks_to_stop(int signal) {
  return signal == SIGINT || signal == SIGTERM || signal == SIGHUP || signal == SIGQUIT;
}

/// environ with some variables set anew, as exec wants it.
class Environment {
 public:
  explicit Environment(const std::vector<std::pair<std::string, std::string>>& extra) {
    for (const auto& [name, value] : extra) {
      owned_.push_back(name + "=" + value);
    }
    for (char** entry = environ; *entry != nullptr; ++entry) {
      const std::string_view text(*entry);
      bool replaced = false;
      for (const auto& [name, value] : extra) {
        replaced =
            replaced || (text.starts_with(name) && text.substr(name.size()).starts_with("="));
      }
      if (!replaced) {
        pointers_.push_back(*entry);
      }
    }
    for (std::string& entry : owned_) {
      pointers_.push_back(entry.data());
    }
    pointers_.push_back(nullptr);
  }
  [[nodiscard]] char** data() { return pointers_.data(); }

 private:
  std::vector<std::string> owned_;
  std::vector<char*> pointers_;
};

}  // namespace

Child::Child() {
  sigemptyset(&handled_);
  sigaddset(&handled_, SIGCHLD);
  for (const int signal : kPassedOn) {
    sigaddset(&handled_, signal);
  }
  sigset_t blocked = handled_;
  sigaddset(&blocked, SIGPIPE);  // A closed stderr must not end the measurement.
  ::pthread_sigmask(SIG_BLOCK, &blocked, &before_);
  signals_ = UniqueFd(::signalfd(-1, &handled_, SFD_CLOEXEC));
  if (!signals_) {
    throw system_error("cannot watch for signals", "signalfd", errno);
  }
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

Child::~Child() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

int Child::start(const std::vector<std::string>& command,
                 const std::vector<std::pair<std::string, std::string>>& extra) {
  expects(!command.empty(), "a command");
  std::vector<std::string> words = command;
  std::vector<char*> argv;
  for (std::string& word : words) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  Environment environment(extra);
  // A pipe that exec closes: what comes through it is the errno of an exec that failed.
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return errno;
  }
  const UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  // fork rather than posix_spawn: glibc's spawn leaves two internal signals ignored in the child.
  pid_ = ::fork();
  if (pid_ < 0) {
    return errno;
  }
  if (pid_ == 0) {
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    ::execvpe(argv[0], argv.data(), environment.data());
    const int failure = errno;
    static_cast<void>(!::write(ends[1], &failure, sizeof(failure)));
    ::_exit(kExecFailed);
  }
  write_end.reset();
  int failure = 0;
  if (::read(read_end.get(), &failure, sizeof(failure)) != static_cast<ssize_t>(sizeof(failure))) {
    return 0;
  }
  ::waitpid(pid_, nullptr, 0);
  return failure;
}

void Child::pass_on(int signal, int code, int sender) {
  asked_to_stop_ = asked_to_stop_ || asks_to_stop(signal);
  const bool sent_by_a_process = code == SI_USER || code == SI_QUEUE || code == SI_TKILL;
  if (sent_by_a_process && sender != pid_) {
    ::kill(pid_, signal);
  }
}

ChildEnd Child::wait() {
  while (true) {
    signalfd_siginfo info{};
    const ssize_t size = ::read(signals_.get(), &info, sizeof(info));
    if (size != static_cast<ssize_t>(sizeof(info))) {
      continue;
    }
    if (info.ssi_signo != SIGCHLD) {
      pass_on(static_cast<int>(info.ssi_signo), info.ssi_code, static_cast<int>(info.ssi_pid));
      continue;
    }
    int status = 0;
    rusage usage{};
    for (pid_t ended = 0; (ended = ::wait4(-1, &status, WNOHANG, &usage)) > 0;) {
      if (ended != pid_) {
        SensorProcess::note_reaped(ended, usage);
        continue;
      }
      if (WIFSIGNALED(status)) {
        return {128 + WTERMSIG(status), WTERMSIG(status), asked_to_stop_};
      }
      return {WEXITSTATUS(status), std::nullopt, asked_to_stop_};
    }
  }
}

bool Child::wait_on(int fd, std::optional<Duration> time) {
  std::array<pollfd, 2> fds{{{signals_.get(), POLLIN, 0}, {fd, POLLIN, 0}}};
  const int time_ms =
      time ? static_cast<int>(std::max<std::int64_t>(0, time->count() / 1'000'000) + 1) : -1;
  if (::poll(fds.data(), fds.size(), time_ms) <= 0 || fds[0].revents == 0) {
    return true;
  }
  signalfd_siginfo info{};
  if (::read(signals_.get(), &info, sizeof(info)) != static_cast<ssize_t>(sizeof(info))) {
    return true;
  }
  if (info.ssi_signo == SIGCHLD) {
    int status = 0;
    rusage usage{};
    for (pid_t ended = 0; (ended = ::wait4(-1, &status, WNOHANG, &usage)) > 0;) {
      SensorProcess::note_reaped(ended, usage);
    }
    return true;
  }
  return !asks_to_stop(static_cast<int>(info.ssi_signo));
}

}  // namespace gradwatt
