#include "experiment/stop_signals.h"

#include <algorithm>
#include <ctime>
#include <pthread.h>

namespace gradwatt {

StopSignals::StopSignals() {
  sigemptyset(&awaited_);
  sigaddset(&awaited_, SIGCHLD);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action {};
    ::sigaction(signal, nullptr, &action);
    // Linux queues blocked signals even when they are ignored: leave those out.
    if (action.sa_handler != SIG_IGN) {
      sigaddset(&awaited_, signal);
    }
  }
  ::pthread_sigmask(SIG_BLOCK, &awaited_, &before_);
}

StopSignals::~StopSignals() { restore(); }

std::optional<StopSignals::Arrival> StopSignals::next(Duration time) const {
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  const std::int64_t ns = std::max<std::int64_t>(0, time.count());
  timespec timeout{};
  timeout.tv_sec = static_cast<std::time_t>(ns / kNanoseconds);
  timeout.tv_nsec = static_cast<long>(ns % kNanoseconds);
  siginfo_t info{};
  const int signal = ::sigtimedwait(&awaited_, &info, &timeout);
  if (signal < 0) {
    return std::nullopt;  // The time is over, or a signal that is not awaited came between.
  }
  return Arrival{signal, info.si_code == SI_KERNEL};
}

void StopSignals::restore() const { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

}  // namespace gradwatt
