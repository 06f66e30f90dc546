#include "measure/sensor_process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <mutex>
#include <poll.h>
#include <set>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace gradwatt {
namespace {

/// A process in the middle of a system call that never returns cannot be waited for.
constexpr int kReapTries = 30;
constexpr useconds_t kReapPause = 100;
constexpr std::size_t kLineMax = std::size_t{4} << 20U;

/// Which children are sensor processes, and what those that ended used.
struct Register {
  std::mutex mutex;
  std::set<pid_t> alive;
  Duration reaped_cpu_time{};
};

Register& processes() {
  static Register known;
  return known;
}

/// Waits for one of them without blocking; like waitpid.
pid_t reap(pid_t pid) {
  rusage usage{};
  const pid_t ended = ::wait4(pid, nullptr, WNOHANG, &usage);
  if (ended > 0) {
    SensorProcess::note_reaped(ended, usage);
  }
  return ended;
}

struct Pipe {
  UniqueFd read;
  UniqueFd write;
};

Pipe make_pipe() {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return {};
  }
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

/// For orders a socket: writing to one whose reader is gone needs no signal to say so.
Pipe make_order_channel() {
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return {};
  }
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

void close_all_from(unsigned first) {
#ifdef SYS_close_range
  if (::syscall(SYS_close_range, first, ~0U, 0U) == 0) {
    return;
  }
#endif
  const long most = ::sysconf(_SC_OPEN_MAX);
  for (long fd = first; fd < std::min(most, 65'536L); ++fd) {
    ::close(static_cast<int>(fd));
  }
}

/// Only what may be called between fork and exec.
void settle_in(int in, int out, pid_t parent) {
  ::setpgid(0, 0);
#ifdef __linux__
  // A closed pipe tells it too, but not while looking for a family hangs.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) {
    ::_exit(1);  // Too late: the kernel will not tell any more.
  }
#else
  static_cast<void>(parent);
#endif
  sigset_t none{};
  ::sigemptyset(&none);
  ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
  const int nowhere = ::open("/dev/null", O_WRONLY);
  // The pipes may sit on the very numbers they are to have: move them out of the way first.
  constexpr int kFree = 10;
  const int high_in = ::fcntl(in, F_DUPFD, kFree);
  const int high_out = ::fcntl(out, F_DUPFD, kFree);
  ::dup2(high_in, STDIN_FILENO);
  ::dup2(high_out, STDOUT_FILENO);
  ::dup2(nowhere, STDERR_FILENO);
  close_all_from(STDERR_FILENO + 1);
}

}  // namespace

SensorProcess::SensorProcess(SensorProcess&& other) noexcept
    : to_(std::move(other.to_)),
      from_(std::move(other.from_)),
      pid_(std::exchange(other.pid_, 0)),
      partial_(std::move(other.partial_)) {}

SensorProcess& SensorProcess::operator=(SensorProcess&& other) noexcept {
  if (this != &other) {
    kill();
    to_ = std::move(other.to_);
    from_ = std::move(other.from_);
    pid_ = std::exchange(other.pid_, 0);
    partial_ = std::move(other.partial_);
  }
  return *this;
}

SensorProcess SensorProcess::start(const std::filesystem::path& program,
                                   const std::vector<std::string>& arguments,
                                   const std::function<int(int in, int out)>& serve) {
  SensorProcess process;
  Pipe orders = make_order_channel();
  Pipe lines = make_pipe();
  if (!orders.read || !lines.read) {
    return process;
  }
  std::string name = program.string();
  std::vector<std::string> words = arguments;
  std::vector<char*> argv{name.data()};
  for (std::string& word : words) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  const pid_t parent = ::getpid();
  {
    // Held across the fork: it may have ended, and somebody waited for it, before it is known.
    const std::lock_guard lock(processes().mutex);
    process.pid_ = ::fork();
    if (process.pid_ > 0) {
      processes().alive.insert(process.pid_);
    }
  }
  if (process.pid_ < 0) {
    process.pid_ = 0;
    return process;
  }
  if (process.pid_ == 0) {
    settle_in(orders.read.get(), lines.write.get(), parent);
    if (serve) {
      ::_exit(serve(STDIN_FILENO, STDOUT_FILENO));
    }
    ::execv(name.c_str(), argv.data());
    ::_exit(127);
  }
  process.to_ = std::move(orders.write);
  process.from_ = std::move(lines.read);
  ::fcntl(process.to_.get(), F_SETFL, O_NONBLOCK);
  ::fcntl(process.from_.get(), F_SETFL, O_NONBLOCK);
  return process;
}

void SensorProcess::order(char letter) const {
  if (!to_) {
    return;
  }
  const auto send = [&] { return ::send(to_.get(), &letter, 1, MSG_NOSIGNAL | MSG_DONTWAIT); };
  if (send() < 0 && errno == EAGAIN && letter == 'q') {
    // A mark more or less is no matter; the order to stop must not drown in them.
    pollfd writable{to_.get(), POLLOUT, 0};
    constexpr int kPatienceMs = 50;
    if (::poll(&writable, 1, kPatienceMs) > 0) {
      static_cast<void>(send());
    }
  }
}

std::vector<std::string> SensorProcess::take_lines() {
  std::vector<std::string> lines;
  std::array<char, 65'536> block{};
  while (from_) {
    const ssize_t size = ::read(from_.get(), block.data(), block.size());
    if (size < 0 && errno == EINTR) {
      continue;
    }
    if (size < 0) {
      break;
    }
    if (size == 0 || partial_.size() > kLineMax) {
      from_.reset();
      break;
    }
    partial_.append(block.data(), static_cast<std::size_t>(size));
  }
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = partial_.find('\n', begin)) != std::string::npos;
       begin = end + 1) {
    lines.push_back(partial_.substr(begin, end - begin));
  }
  partial_.erase(0, begin);
  return lines;
}

bool SensorProcess::wait_readable(Duration patience) const {
  if (!from_) {
    return true;
  }
  const timespec rest{patience.count() / 1'000'000'000, patience.count() % 1'000'000'000};
  pollfd readable{from_.get(), POLLIN, 0};
  return ::ppoll(&readable, 1, &rest, nullptr) > 0;
}

void SensorProcess::note_reaped(pid_t pid, const rusage& usage) {
  const std::lock_guard lock(processes().mutex);
  if (processes().alive.erase(pid) == 0) {
    return;
  }
  for (const timeval& time : {usage.ru_utime, usage.ru_stime}) {
    processes().reaped_cpu_time +=
        std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
  }
}

Duration SensorProcess::reaped_cpu_time() {
  const std::lock_guard lock(processes().mutex);
  return processes().reaped_cpu_time;
}

void SensorProcess::kill() {
  to_.reset();
  from_.reset();
  partial_.clear();
  const pid_t pid = std::exchange(pid_, 0);
  if (pid == 0) {
    return;
  }
  if (reap(pid) != 0) {
    return;  // It had ended; perhaps someone else has waited for it.
  }
  ::kill(pid, SIGKILL);
  for (int i = 0; i < kReapTries && reap(pid) == 0; ++i) {
    ::usleep(kReapPause);
  }
}

}  // namespace gradwatt
