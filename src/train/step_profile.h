#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace gradwatt {

/// Where the time of a step goes, as phases in marks: data-wait, host-to-device, forward, backward,
/// all-reduce, step. One ends where the next begins.
///
/// On a GPU each change waits until the device is done, or the time would go to the phase in which
/// the host happens to wait: a profiled training is slower. Off, it does nothing.
class StepProfile {
 public:
  StepProfile(bool is_on, std::string device) : is_on_(is_on), device_(std::move(device)) {}

  void enter(const char* phase);
  void leave();

  /// Seconds by phase since the last take, in the order of their first time.
  [[nodiscard]] std::vector<std::pair<std::string, double>> take();

 private:
  void end_phase(std::chrono::steady_clock::time_point now);

  bool is_on_;
  std::string device_;
  const char* phase_ = nullptr;
  std::chrono::steady_clock::time_point began_;
  std::vector<std::pair<std::string, double>> seconds_;
};

}  // namespace gradwatt
