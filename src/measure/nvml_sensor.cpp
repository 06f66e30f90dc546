#include "measure/nvml_sensor.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace gradwatt {
namespace {

using Milliseconds = std::chrono::milliseconds;

constexpr unsigned kMaxwell = 3;
constexpr unsigned kPascal = 4;
constexpr unsigned kVolta = 5;
constexpr unsigned kTuring = 6;
constexpr unsigned kAmpere = 7;
constexpr unsigned kAda = 8;
constexpr unsigned kHopper = 9;
constexpr unsigned kUnknown = 0xffffffff;

/// "NVIDIA A100-SXM4-40GB" -> NVIDIA, A100, SXM4, 40GB
std::vector<std::string_view> words(std::string_view name) {
  std::vector<std::string_view> found;
  while (!name.empty()) {
    const std::size_t end = std::min(name.find_first_of(" -"), name.size());
    if (end > 0) {
      found.push_back(name.substr(0, end));
    }
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return found;
}

template <std::size_t kCount>
bool has_any(const std::vector<std::string_view>& words,
             const std::array<std::string_view, kCount>& wanted) {
  return std::find_first_of(words.begin(), words.end(), wanted.begin(), wanted.end()) !=
         words.end();
}

bool is_ga100(const std::vector<std::string_view>& name) {
  return has_any(name, std::array<std::string_view, 5>{"A100", "A100X", "A800", "A30", "A30X"});
}

bool is_data_centre(const std::vector<std::string_view>& name) {
  constexpr std::array<std::string_view, 33> kBoards = {
      "Tesla", "P4",  "P40",  "P100", "V100", "V100S", "T4",    "T4G",  "A2",    "A10",  "A10G",
      "A10M",  "A16", "A30",  "A30X", "A40",  "A100",  "A100X", "A800", "L4",    "L20",  "L40",
      "L40S",  "H20", "H100", "H200", "H800", "GH200", "B100",  "B200", "GB200", "B300", "GB300"};
  // The workstation cards of the same chips say RTX, and their sensors are those of GeForce cards.
  constexpr std::array<std::string_view, 3> kWorkstations = {"RTX", "Quadro", "GeForce"};
  return has_any(name, kBoards) && !has_any(name, kWorkstations);
}

}  // namespace

NvmlSensor nvml_sensor(unsigned architecture, const std::string& name) {
  const auto parts = words(name);
  const bool data_centre = is_data_centre(parts);
  NvmlSensor sensor{Milliseconds(100), Milliseconds(25)};
  sensor.gain = data_centre ? 0.05 : 0.10;
  sensor.board = data_centre ? "data-centre board" : "board for desktops";
  const bool ga100 = architecture == kAmpere && is_ga100(parts);
  sensor.mean_by_call = architecture != kUnknown && architecture >= kAmpere && !ga100;
  if (architecture < kPascal) {
    // An analogue filter instead of a window, with a time constant of about an update.
    sensor.window = Milliseconds(100);
    sensor.window_known = architecture == kMaxwell;
    sensor.gain = 0.10;
  } else if (architecture <= kVolta) {
    sensor.refresh = Milliseconds(20);
    sensor.window = Milliseconds(10);
  } else if (architecture == kTuring) {
    sensor.window =
        name.find("RTX 8000") != std::string::npos ? Milliseconds(20) : Milliseconds(100);
  } else if ((architecture == kAmpere && !ga100) || architecture == kAda) {
    sensor.window = Milliseconds(100);
  } else {
    sensor.window_known = ga100 || architecture == kHopper;
  }
  return sensor;
}

}  // namespace gradwatt
