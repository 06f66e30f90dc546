#include "measure/sampler.h"

#include "base/error.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace gradwatt {
namespace {

constexpr double kNudgesPerSecond = 20;
constexpr double kNudgeBurst = 20;

/// Lets through so many a second on average, and a burst of as many.
class NudgeBudget {
 public:
  bool take(Instant now) {
    left_ = std::min(kNudgeBurst, left_ + kNudgesPerSecond * seconds(now - last_));
    last_ = now;
    if (left_ < 1) {
      return false;
    }
    left_ -= 1;
    return true;
  }

 private:
  double left_ = kNudgeBurst;
  Instant last_;
};

}  // namespace

Sampler::Sampler(Poller& poller, const Clock& clock, Duration interval)
    : poller_(poller),
      clock_(clock),
      interval_(interval),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!wake_) {
    throw system_error("cannot make an event", "sampler", errno);
  }
  // Signals are for the thread that waits for the command.
  sigset_t all{};
  sigset_t before{};
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { run(); });
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Sampler::~Sampler() { stop(); }

void Sampler::nudge() {
  nudged_ = true;
  const std::uint64_t one = 1;
  static_cast<void>(!::write(wake_.get(), &one, sizeof(one)));
}

void Sampler::stop() {
  if (!thread_.joinable()) {
    return;
  }
  stopping_ = true;
  const std::uint64_t one = 1;
  static_cast<void>(!::write(wake_.get(), &one, sizeof(one)));
  thread_.join();
}

void Sampler::wait_until(Instant time) {
  const std::int64_t ns = std::max<std::int64_t>(0, (time - clock_.now()).count());
  const timespec rest{ns / 1'000'000'000, ns % 1'000'000'000};
  pollfd wake{wake_.get(), POLLIN, 0};
  if (::ppoll(&wake, 1, &rest, nullptr) > 0) {
    std::uint64_t count = 0;
    static_cast<void>(!::read(wake_.get(), &count, sizeof(count)));
  }
}

void Sampler::run() {
  NudgeBudget budget;
  Instant next = clock_.now() + interval_;
  while (!stopping_) {
    wait_until(next);
    const Instant now = clock_.now();
    if (now >= next) {
      poller_.poll();
      const auto passed = (now - next) / interval_;
      late_ += passed;
      next = next + (passed + 1) * interval_;
    } else if (nudged_.exchange(false) && budget.take(now)) {
      poller_.poll();
    }
  }
  poller_.poll();
  poller_.finish();
}

}  // namespace gradwatt
