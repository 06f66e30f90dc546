#pragma once

#include "base/unique_fd.h"
#include "measure/poller.h"

#include <atomic>
#include <thread>

namespace gradwatt {

/// A thread of its own that polls on a grid of absolute times: begin, begin + interval, ...
/// A missed time is skipped and counted, never made up for.
class Sampler {
 public:
  /// Starts at once. `poller` belongs to the thread until stop().
  Sampler(Poller& poller, const Clock& clock, Duration interval);
  ~Sampler();
  Sampler(const Sampler&) = delete;
  Sampler& operator=(const Sampler&) = delete;

  /// Asks for a reading now, beside the grid: at a mark. Limited to 20 a second on average, so
  /// that a flood of marks does not become a flood of readings. Thread-safe, never blocks.
  void nudge();

  /// Takes a last reading and ends the thread, without waiting for the next time on the grid.
  void stop();

  [[nodiscard]] std::int64_t late() const { return late_; }

 private:
  void run();
  void wait_until(Instant time);

  Poller& poller_;
  const Clock& clock_;
  Duration interval_;
  UniqueFd wake_;
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> nudged_ = false;
  std::atomic<std::int64_t> late_ = 0;
  std::thread thread_;
};

}  // namespace gradwatt
