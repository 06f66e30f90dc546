#pragma once

#include "base/unique_fd.h"
#include "measure/poller.h"
#include "measure/sampling_schedule.h"

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

  /// Asks for a reading now, beside the grid: at a mark; see SamplingSchedule for how often that is
  /// granted. Thread-safe, never blocks.
  void nudge();

  /// Takes a last reading and ends the thread, without waiting for the next time on the grid.
  void stop();

  /// After stop().
  [[nodiscard]] std::int64_t late() const { return schedule_.late(); }

 private:
  void run();
  void read_at_mark();
  void wait_until(Instant time);

  Poller& poller_;
  const Clock& clock_;
  SamplingSchedule schedule_;
  UniqueFd wake_;
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> nudged_ = false;
  std::thread thread_;
};

}  // namespace gradwatt
