#include "train/step_profile.h"

#include "gradwatt/mark.h"
#include "train/compat.h"

#include <algorithm>

namespace gradwatt {

void StepProfile::enter(const char* phase) {
  if (!is_on_) {
    return;
  }
  wait_for_device(device_);
  const auto now = std::chrono::steady_clock::now();
  end_phase(now);
  phase_ = phase;
  began_ = now;
  gradwatt_phase_begin(phase);
}

void StepProfile::leave() {
  if (!is_on_ || phase_ == nullptr) {
    return;
  }
  wait_for_device(device_);
  end_phase(std::chrono::steady_clock::now());
}

void StepProfile::end_phase(std::chrono::steady_clock::time_point now) {
  if (phase_ == nullptr) {
    return;
  }
  gradwatt_phase_end(phase_);
  const double spent = std::chrono::duration<double>(now - began_).count();
  const auto found = std::find_if(
      seconds_.begin(), seconds_.end(), [&](const auto& item) { return item.first == phase_; });
  if (found == seconds_.end()) {
    seconds_.emplace_back(phase_, spent);
  } else {
    found->second += spent;
  }
  phase_ = nullptr;
}

std::vector<std::pair<std::string, double>> StepProfile::take() {
  return std::exchange(seconds_, {});
}

}  // namespace gradwatt
