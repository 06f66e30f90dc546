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
Sampler::Sampler(Poller& poller, const Clock& clock, Duration interval)
    : poller_(poller),
      clock_(clock),
      schedule_(clock.now(), interval, poller.slowest_refresh()),
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

void Sampler::read_at_mark() {
  poller_.poll();
  // Sleeping for some microseconds takes longer and costs as much.
  poller_.await_fast_renewal([this](Duration time) {
    const Instant until = clock_.now() + time;
    while (clock_.now() < until) {
    }
  });
}

void Sampler::run() {
  while (!stopping_) {
    wait_until(schedule_.next());
    const Instant now = clock_.now();
    if (nudged_.exchange(false)) {
      schedule_.mark(now);
    }
    switch (schedule_.due(now)) {
      case SamplingSchedule::Due::reading:
        poller_.poll();
        break;
      case SamplingSchedule::Due::reading_at_mark:
        read_at_mark();
        break;
      case SamplingSchedule::Due::nothing:
        break;
    }
  }
  read_at_mark();
  poller_.finish();
}

}  // namespace gradwatt
