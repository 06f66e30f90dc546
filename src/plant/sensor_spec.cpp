#include "plant/sensor_spec.h"

#include "base/closest_name.h"
#include "base/error.h"

#include <fmt/format.h>

#include <array>
#include <string>
#include <vector>

namespace gradwatt {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr std::int64_t kMilli = 1'000;

// Sources of the figures: Yang, Adamek and Armour, "Part-time Power Measurements", SC 2024 (windows
// and update periods of NVIDIA's boards); the kernel's powercap documentation and Intel's manual
// (RAPL: about 1 ms, 2^-14 J, 32 bits).
const std::array<SensorSpec, 8> kSpecs{{
    {.name = "nvml-counter",
     .description = "a GPU's energy counter, renewed every 100 ms in mJ",
     .refresh = milliseconds(100),
     .stated_refresh = milliseconds(100),
     .quantum = kMilli},
    {.name = "nvml-counter-late",
     .description = "the same, renewed every 101 to 104 ms as seen on A100 boards",
     .refresh = microseconds(102'500),
     .jitter = microseconds(1'500),
     .stated_refresh = milliseconds(100),
     .quantum = kMilli},
    {.name = "rapl",
     .description = "a CPU package's counter, renewed every ms in 2^-14 J, 32 bits",
     .refresh = milliseconds(1),
     .jitter = microseconds(20),
     .stated_refresh = milliseconds(1),
     .quantum = 61,
     .range = Energy{61 * (std::int64_t{1} << 32U)}},
    {.name = "nvml-part-time",
     .description = "power over 25 ms of every 100 ms (A100, H100)",
     .is_counter = false,
     .refresh = milliseconds(100),
     .stated_refresh = milliseconds(100),
     .window = milliseconds(25),
     .quantum = kMilli},
    {.name = "nvml-instant",
     .description = "power over the last 100 ms, renewed every 100 ms",
     .is_counter = false,
     .refresh = milliseconds(100),
     .stated_refresh = milliseconds(100),
     .window = milliseconds(100),
     .quantum = kMilli},
    {.name = "nvml-average",
     .description = "power over the last second, renewed every 100 ms",
     .is_counter = false,
     .refresh = milliseconds(100),
     .stated_refresh = milliseconds(100),
     .window = milliseconds(1000),
     .quantum = kMilli},
    {.name = "hwmon",
     .description = "a power monitor's mean over a second, renewed every second",
     .is_counter = false,
     .refresh = milliseconds(1000),
     .jitter = milliseconds(2),
     .stated_refresh = milliseconds(1000),
     .window = milliseconds(1000),
     .quantum = 10 * kMilli},
    {.name = "meter",
     .description = "a plug meter, 1 Hz, its clock 0.4 s behind and up to 50 ppm off",
     .is_counter = false,
     .refresh = milliseconds(1000),
     .stated_refresh = milliseconds(1000),
     .window = milliseconds(1000),
     .lag = milliseconds(400),
     .quantum = 100 * kMilli,
     .drift = 50e-6},
}};

}  // namespace

std::span<const SensorSpec> sensor_specs() { return kSpecs; }

const SensorSpec& sensor_named(std::string_view name) {
  std::vector<std::string> known;
  for (const SensorSpec& spec : kSpecs) {
    if (name == spec.name) {
      return spec;
    }
    known.emplace_back(spec.name);
  }
  throw UsageError(
      fmt::format("there is no simulated sensor '{}'", name), "sensor", known_names(name, known));
}

}  // namespace gradwatt
