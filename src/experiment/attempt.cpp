#include "experiment/attempt.h"

#include <csignal>

namespace gradwatt {

const Attempt* attempt_for(const std::string& key, const std::vector<Attempt>& attempts) {
  const Attempt* newest = nullptr;
  const Attempt* done = nullptr;
  for (const Attempt& attempt : attempts) {
    if (attempt.key != key) {
      continue;
    }
    if (attempt.state == RunState::running) {
      return &attempt;
    }
    newest = &attempt;
    if (attempt.state == RunState::done) {
      done = &attempt;
    }
  }
  return done != nullptr ? done : newest;
}

PointState state_of(const std::string& key, const std::vector<Attempt>& attempts) {
  const Attempt* attempt = attempt_for(key, attempts);
  if (attempt == nullptr) {
    return PointState::open;
  }
  switch (attempt->state) {
    case RunState::running:
      return PointState::running;
    case RunState::done:
      return PointState::done;
    case RunState::failed:
      return PointState::failed;
    case RunState::interrupted:
      return PointState::open;
  }
  return PointState::open;
}

bool was_stopped(std::optional<int> exit_status) {
  constexpr int kSignalled = 128;
  return exit_status == kSignalled + SIGHUP || exit_status == kSignalled + SIGINT ||
         exit_status == kSignalled + SIGTERM;
}

}  // namespace gradwatt
