#include "train/parallel/local_ranks.h"

#include "base/error.h"
#include "gradwatt/mark.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gradwatt {
namespace {

using std::chrono::steady_clock;

constexpr std::array<int, 3> kForwarded{SIGINT, SIGTERM, SIGHUP};
constexpr std::chrono::seconds kTimeToSayWhy{4};
constexpr std::chrono::seconds kTimeToEnd{3};

/// A private folder for the file by which ranks meet; removed in the end.
class MeetingFolder {
 public:
  MeetingFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "gradwatt-ranks-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
      throw system_error("cannot make a folder for the ranks to meet in",
                         name,
                         errno,
                         "set TMPDIR to a folder that can be written");
    }
    folder_ = name;
  }
  ~MeetingFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  MeetingFolder(const MeetingFolder&) = delete;
  MeetingFolder& operator=(const MeetingFolder&) = delete;

  [[nodiscard]] std::string file() const { return (folder_ / "meeting").string(); }

 private:
  std::filesystem::path folder_;
};

struct LocalRank {
  pid_t pid = 0;
  std::optional<int> status;  ///< Of waitpid; none while it runs.
};

[[noreturn]] void become_rank(int rank, int ranks, const std::string& meeting, char** arguments) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // NOLINTBEGIN(concurrency-mt-unsafe): the new process has this one thread.
  ::setenv("GRADWATT_RANK", fmt::format("{}", rank).c_str(), 1);
  ::setenv("GRADWATT_WORLD", fmt::format("{}", ranks).c_str(), 1);
  ::setenv("GRADWATT_RENDEZVOUS", meeting.c_str(), 1);
  // NOLINTEND(concurrency-mt-unsafe)
  sigset_t none;
  ::sigemptyset(&none);
  ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
  ::execv("/proc/self/exe", arguments);
  ::_exit(127);
}

std::string end_of(int status) {
  if (!WIFSIGNALED(status)) {
    return fmt::format("ended with status {}", WEXITSTATUS(status));
  }
  const char* meaning = ::sigdescr_np(WTERMSIG(status));
  return meaning == nullptr ? fmt::format("was ended by signal {}", WTERMSIG(status))
                            : fmt::format("was ended by signal {} ({})", WTERMSIG(status), meaning);
}

class RankGroup {
 public:
  RankGroup(int count, const std::string& meeting, const std::vector<std::string>& arguments) {
    std::vector<char*> argv;
    argv.push_back(const_cast<char*>("gradwatt-train"));
    for (const std::string& argument : arguments) {
      argv.push_back(const_cast<char*>(argument.c_str()));
    }
    argv.push_back(nullptr);
    for (int rank = 0; rank < count; ++rank) {
      const pid_t pid = ::fork();
      if (pid == 0) {
        become_rank(rank, count, meeting, argv.data());
      }
      if (pid < 0) {
        const int error = errno;
        signal_all(SIGKILL);
        throw system_error("cannot start a rank", fmt::format("rank {}", rank), error);
      }
      ranks_.push_back({pid, {}});
    }
  }

  void signal_all(int signal) const {
    for (const LocalRank& rank : ranks_) {
      if (!rank.status) {
        ::kill(rank.pid, signal);
      }
    }
  }

  /// Notes who ended; the first that failed is kept.
  void reap() {
    for (std::size_t i = 0; i < ranks_.size(); ++i) {
      int status = 0;
      if (ranks_[i].status || ::waitpid(ranks_[i].pid, &status, WNOHANG) <= 0) {
        continue;
      }
      ranks_[i].status = status;
      if (status != 0 && !failed_) {
        failed_ = i;
        failed_at_ = steady_clock::now();
      }
    }
  }

  [[nodiscard]] bool all_ended() const {
    return std::all_of(ranks_.begin(), ranks_.end(), [](const auto& r) { return r.status; });
  }

  /// After a failure: asks the others to end, then ends them.
  void press_others() {
    if (!failed_) {
      return;
    }
    const auto since = steady_clock::now() - failed_at_;
    if (since > kTimeToSayWhy + kTimeToEnd) {
      signal_all(SIGKILL);
    } else if (since > kTimeToSayWhy && !asked_) {
      asked_ = true;
      signal_all(SIGTERM);
    }
  }

  [[nodiscard]] int result() const {
    if (!failed_) {
      return 0;
    }
    const int status = *ranks_[*failed_].status;
    const std::string why = fmt::format(
        "rank {} of {} {}; the others were ended", *failed_, ranks_.size(), end_of(status));
    fmt::print(stderr, "gradwatt-train: {}\n", why);
    gradwatt_note(why.c_str());
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }

 private:
  std::vector<LocalRank> ranks_;
  std::optional<std::size_t> failed_;
  steady_clock::time_point failed_at_;
  bool asked_ = false;
};

}  // namespace

int run_local_ranks(int ranks, const std::vector<std::string>& arguments) {
  const MeetingFolder folder;
  sigset_t watched;
  ::sigemptyset(&watched);
  ::sigaddset(&watched, SIGCHLD);
  for (const int signal : kForwarded) {
    ::sigaddset(&watched, signal);
  }
  ::pthread_sigmask(SIG_BLOCK, &watched, nullptr);

  RankGroup group(ranks, folder.file(), arguments);
  while (true) {
    group.reap();
    if (group.all_ended()) {
      return group.result();
    }
    group.press_others();
    const timespec pause{0, 200'000'000};
    siginfo_t info{};
    const int signal = ::sigtimedwait(&watched, &info, &pause);
    // What a terminal sends reaches the ranks without us.
    if (signal > 0 && signal != SIGCHLD && info.si_code <= 0) {
      group.signal_all(signal);
    }
  }
}

}  // namespace gradwatt
