#include "supervise/node_seat.h"

#include "base/error.h"
#include "record/job_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace gradwatt {
namespace {

constexpr std::size_t kMessageMax = 1024;
constexpr std::size_t kNameShown = 30;
constexpr int kRetry_ms = 20;
constexpr const char* kAgain = "again";

/// $XDG_RUNTIME_DIR, else a folder in /tmp that must be this user's alone: all processes of a job
/// on a node have to find the same one, whatever TMPDIR says.
std::filesystem::path runtime_folder() {
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  std::filesystem::path folder =
      runtime != nullptr && *runtime != '\0' && ::access(runtime, W_OK | X_OK) == 0
          ? std::filesystem::path(runtime) / "gradwatt-jobs"
          : std::filesystem::path("/tmp") / fmt::format("gradwatt-jobs-{}", ::getuid());
  struct stat status {};
  const bool is_there = ::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST;
  if (!is_there || ::lstat(folder.c_str(), &status) != 0) {
    throw system_error("cannot create", folder.string(), errno, "set XDG_RUNTIME_DIR to a folder");
  }
  if (!S_ISDIR(status.st_mode) || status.st_uid != ::getuid() || (status.st_mode & 077) != 0) {
    throw Error("not a folder of this user alone",
                folder.string(),
                "set XDG_RUNTIME_DIR to a folder that is the same for all processes of the job");
  }
  return folder;
}

sockaddr_un address_of(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.native().size() >= sizeof(address.sun_path)) {
    throw Error("too long for a socket", path.string(), "set XDG_RUNTIME_DIR to a shorter path");
  }
  std::memcpy(address.sun_path, path.c_str(), path.native().size());
  return address;
}

UniqueFd new_socket(int flags) {
  UniqueFd fd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | flags, 0));
  if (!fd) {
    throw system_error("cannot make a socket", "node seat", errno);
  }
  return fd;
}

const sockaddr* plain_address(const sockaddr_un& address) {
  return static_cast<const sockaddr*>(static_cast<const void*>(&address));
}

/// nullopt: the other side is gone.
std::optional<std::string> next_message(int fd) {
  std::string text(kMessageMax, '\0');
  ssize_t size = 0;
  do {
    size = ::recv(fd, text.data(), text.size(), 0);
  } while (size < 0 && errno == EINTR);
  if (size <= 0) {
    return std::nullopt;
  }
  text.resize(static_cast<std::size_t>(size));
  return text;
}

bool send_message(int fd, const std::string& text) {
  return ::send(fd, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
}

/// The words of a message between blanks.
template <std::size_t count>
std::array<std::string, count> words_of(const std::string& message) {
  std::array<std::string, count> words;
  std::size_t begin = 0;
  for (std::string& word : words) {
    const auto end = std::min(message.find(' ', begin), message.size());
    word = message.substr(begin, end - begin);
    begin = std::min(end + 1, message.size());
  }
  return words;
}

template <typename Number>
std::optional<Number> number_in(const std::string& word) {
  Number value{};
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  return error == std::errc{} && end == word.data() + word.size() ? std::optional(value)
                                                                  : std::nullopt;
}

/// nullopt: nobody is there, or it ended before it told its run, or it has had this rank.
std::optional<NodeFollower> follow_lead(const std::filesystem::path& socket,
                                        const JobIdentity& job) {
  UniqueFd fd = new_socket(0);
  const sockaddr_un address = address_of(socket);
  if (::connect(fd.get(), plain_address(address), sizeof(address)) != 0 ||
      !send_message(fd.get(), job.rank ? std::to_string(*job.rank) : "-")) {
    return std::nullopt;
  }
  const auto answer = next_message(fd.get());
  if (!answer || *answer == kAgain) {
    return std::nullopt;
  }
  auto [run_id, marks] = words_of<2>(*answer);
  return NodeFollower(std::move(fd), std::move(run_id), std::move(marks));
}

}  // namespace

NodeLead::NodeLead(UniqueFd lock, const std::filesystem::path& socket, JobIdentity job)
    : lock_(std::move(lock)),
      path_(socket),
      job_(std::move(job)),
      listener_(new_socket(SOCK_NONBLOCK)),
      changed_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  ::unlink(path_.c_str());  // Of a lead that was killed.
  const sockaddr_un address = address_of(path_);
  if (::bind(listener_.get(), plain_address(address), sizeof(address)) != 0 ||
      ::listen(listener_.get(), SOMAXCONN) != 0) {
    throw system_error("cannot open the socket for the job's processes", path_.string(), errno);
  }
  // Signals are for the thread that waits for the command.
  sigset_t all{};
  sigset_t before{};
  sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, &before);
  thread_ = std::thread([this] { run(); });
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

NodeLead::~NodeLead() { close(); }

void NodeLead::note_change() const {
  const std::uint64_t one = 1;
  static_cast<void>(!::write(changed_.get(), &one, sizeof(one)));
}

void NodeLead::tell(Guest& guest) {
  if (!announcement_.empty() && !guest.told && guest.rank) {
    guest.told = send_message(guest.connection.get(), announcement_);
  }
}

void NodeLead::announce(const std::string& run_id, const std::string& marks) {
  const std::lock_guard lock(mutex_);
  announcement_ = run_id + " " + marks;
  for (Guest& guest : guests_) {
    tell(guest);
  }
}

void NodeLead::welcome() {
  UniqueFd connection(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (connection) {
    guests_.push_back({std::move(connection), std::nullopt, false});
  }
}

void NodeLead::hear(Guest& guest) {
  const auto message = next_message(guest.connection.get());
  if (!message) {
    guest.connection.reset();
    return;
  }
  if (!guest.rank) {  // Its first word is its rank.
    const int rank = number_in<int>(*message).value_or(-1 - arrived_);
    if (job_.rank == rank || !ranks_.try_emplace(rank).second) {
      static_cast<void>(send_message(guest.connection.get(), kAgain));
      guest.connection.reset();
      return;
    }
    guest.rank = rank;
    ++arrived_;
    tell(guest);
    return;
  }
  const auto [status, cpu] = words_of<2>(*message);
  ranks_[*guest.rank] = number_in<int>(status);
  cpu_s_ += number_in<double>(cpu).value_or(0);
}

void NodeLead::run() {
  while (true) {
    std::vector<pollfd> fds{{wake_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}};
    for (const Guest& guest : guests_) {
      fds.push_back({guest.connection.get(), POLLIN, 0});
    }
    if (::poll(fds.data(), fds.size(), -1) < 0) {
      continue;
    }
    const std::lock_guard lock(mutex_);
    if (stopping_) {
      return;
    }
    for (std::size_t i = 2; i < fds.size(); ++i) {
      if (fds[i].revents != 0) {
        hear(guests_[i - 2]);
      }
    }
    std::erase_if(guests_, [](const Guest& guest) { return !guest.connection; });
    if (fds[1].revents != 0) {
      welcome();
    }
    note_change();
  }
}

NodeLead::Standing NodeLead::standing() {
  std::uint64_t changes = 0;
  static_cast<void>(!::read(changed_.get(), &changes, sizeof(changes)));
  const std::lock_guard lock(mutex_);
  const int expected = job_.ranks_here.value_or(1) - 1;
  return {static_cast<int>(guests_.size()), std::max(0, expected - arrived_)};
}

void NodeLead::close() {
  if (!thread_.joinable()) {
    return;
  }
  ::unlink(path_.c_str());
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  const std::uint64_t one = 1;
  static_cast<void>(!::write(wake_.get(), &one, sizeof(one)));
  thread_.join();
  listener_.reset();
  guests_.clear();
}

std::map<int, std::optional<int>> NodeLead::ranks() {
  const std::lock_guard lock(mutex_);
  return ranks_;
}

double NodeLead::cpu_s() {
  const std::lock_guard lock(mutex_);
  return cpu_s_;
}

bool NodeFollower::tell_end(int exit_status, double cpu_s) {
  pollfd lead{connection_.get(), POLLIN, 0};
  const bool is_gone = ::poll(&lead, 1, 0) > 0;  // It never speaks again: this is its end.
  return !is_gone && send_message(connection_.get(), fmt::format("{} {}", exit_status, cpu_s));
}

NodeSeat take_seat(const JobIdentity& job) {
  constexpr std::size_t kSum = 9;  // "-" and eight digits, which tell jobs apart.
  const std::string id = job_folder_name(job.node + "@" + job.job);
  const std::string name = id.substr(0, std::min<std::size_t>(id.size() - kSum, kNameShown)) +
                           id.substr(id.size() - kSum);
  const std::filesystem::path folder = runtime_folder();
  const std::filesystem::path file = folder / (name + ".lock");
  const std::filesystem::path socket = folder / (name + ".sock");
  UniqueFd lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock) {
    throw system_error("cannot create", file.string(), errno, "set XDG_RUNTIME_DIR to a folder");
  }
  while (true) {
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) {
      return std::make_unique<NodeLead>(std::move(lock), socket, job);
    }
    if (auto follower = follow_lead(socket, job)) {
      return std::move(*follower);
    }
    ::poll(nullptr, 0, kRetry_ms);
  }
}

}  // namespace gradwatt
