// What the sensors of one NVIDIA GPU really do, one question per word; bench/gpu/run asks them all.
// It only reads: no setting of the card is touched.
#include "measure/nvml_library.h"
#include "trace/power_meter.h"
#include "units/clock.h"
#include "units/show.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace gradwatt {
namespace {

using Values = std::array<NvmlValue, 3>;

constexpr int kNoGpu = 3;

class Gpu {
 public:
  Gpu(const NvmlLibrary& library, NvmlHandle handle) : library_(library), handle_(handle) {}

  /// The counter, the instant power and the mean power, in one call.
  [[nodiscard]] Values read() const {
    Values values{NvmlValue{NvmlField::energy},
                  NvmlValue{NvmlField::power_instant},
                  NvmlValue{NvmlField::power_average}};
    library_.read(handle_, values);
    return values;
  }
  [[nodiscard]] const NvmlLibrary& library() const { return library_; }
  [[nodiscard]] NvmlHandle handle() const { return handle_; }

 private:
  const NvmlLibrary& library_;
  NvmlHandle handle_;
};

const SystemClock& machine_clock() {
  static const SystemClock kClock;
  return kClock;
}

Instant now() { return machine_clock().now(); }

/// Calls `look` every `step` until `length` has passed.
template <typename Look>
void watch(Duration length, Duration step, const Look& look) {
  const Instant begin = now();
  for (Instant next = begin; next - begin < length; next = next + step) {
    std::this_thread::sleep_for(next - now());
    look(now());
  }
}

double percentile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

std::string quantiles(const std::vector<double>& values, const char* unit) {
  return values.empty() ? "not supported"
                        : fmt::format("{:.3g} / {:.3g} / {:.3g} {}",
                                      percentile(values, 0.01),
                                      percentile(values, 0.5),
                                      percentile(values, 0.99),
                                      unit);
}

void facts(const Gpu& gpu) {
  std::string name;
  static_cast<void>(gpu.library().name(gpu.handle(), name));
  fmt::print("{}, {}, driver {}\n",
             show_utc(machine_clock().wall()),
             name,
             gpu.library().driver_version());
}

void scopes(const Gpu& gpu) {
  const auto row = [&](const char* what, NvmlField field, NvmlScope scope) {
    NvmlValue value{field, scope};
    gpu.library().read(gpu.handle(), {&value, 1});
    fmt::print("| {} | {} |\n",
               what,
               value.code == NvmlCode::ok ? fmt::format("{:.1f} {}",
                                                        static_cast<double>(value.value) * 1e-3,
                                                        field == NvmlField::energy ? "J" : "W")
                                          : nvml_reason(value.code));
  };
  row("energy, GPU", NvmlField::energy, NvmlScope::gpu);
  row("energy, module", NvmlField::energy, NvmlScope::module);
  row("instant power, GPU", NvmlField::power_instant, NvmlScope::gpu);
  row("instant power, module", NvmlField::power_instant, NvmlScope::module);
  row("mean power, GPU", NvmlField::power_average, NvmlScope::gpu);
  row("mean power, module", NvmlField::power_average, NvmlScope::module);
  row("mean power, memory", NvmlField::power_average, NvmlScope::memory);
}

void latency(const Gpu& gpu) {
  constexpr int kCalls = 500;
  std::vector<double> fields;
  std::vector<double> energies;
  std::vector<double> powers;
  const auto timed = [](std::vector<double>& into, const auto& call) {
    const Instant before = now();
    if (call()) {
      into.push_back(seconds(now() - before) * 1e6);
    }
  };
  watch(kCalls * std::chrono::milliseconds(10), std::chrono::milliseconds(10), [&](Instant) {
    std::int64_t value = 0;
    timed(fields, [&] { return gpu.read()[0].code == NvmlCode::ok; });
    timed(energies, [&] { return gpu.library().energy_mj(gpu.handle(), value) == NvmlCode::ok; });
    timed(powers, [&] { return gpu.library().power_mw(gpu.handle(), value) == NvmlCode::ok; });
  });
  fmt::print("| three fields in one call, p1 / p50 / p99 | {} |\n", quantiles(fields, "us"));
  fmt::print("| nvmlDeviceGetTotalEnergyConsumption | {} |\n", quantiles(energies, "us"));
  fmt::print("| nvmlDeviceGetPowerUsage | {} |\n", quantiles(powers, "us"));
}

/// How long values stay the same. Of use while the load changes faster than they do.
void updates(const Gpu& gpu, Duration length) {
  struct Seen {
    std::optional<std::int64_t> value;
    std::optional<Instant> changed;
    std::vector<double> periods_ms;
  };
  std::array<Seen, 3> all;
  watch(length, std::chrono::milliseconds(2), [&](Instant time) {
    const Values values = gpu.read();
    for (std::size_t i = 0; i < values.size(); ++i) {
      Seen& seen = all[i];
      if (values[i].code != NvmlCode::ok || seen.value == values[i].value) {
        continue;
      }
      if (seen.changed) {
        seen.periods_ms.push_back(seconds(time - *seen.changed) * 1e3);
      }
      // What was there at the start is of unknown age.
      seen.changed = seen.value ? std::optional(time) : std::nullopt;
      seen.value = values[i].value;
    }
  });
  const auto row = [](const char* what, const Seen& seen) {
    const bool stood_still = seen.value && seen.periods_ms.empty();
    fmt::print(
        "| {} | {} |\n", what, stood_still ? "did not change" : quantiles(seen.periods_ms, "ms"));
  };
  row("counter is renewed every, p1 / p50 / p99", all[0]);
  row("instant power likewise", all[1]);
  row("mean power likewise", all[2]);
}

/// The energy of one stretch in three ways: the counter, the instant and the mean power integrated.
void compare(const Gpu& gpu, Duration length, const char* label) {
  std::array<PowerMeter, 2> meters;
  std::array<std::optional<double>, 3> joules;
  std::optional<std::int64_t> first;
  Instant begin;
  Instant end;
  watch(length, std::chrono::milliseconds(10), [&](Instant time) {
    const Values values = gpu.read();
    begin = begin == Instant{} ? time : begin;
    end = time;
    if (values[0].code == NvmlCode::ok) {
      first = first.value_or(values[0].value);
      joules[0] = static_cast<double>(values[0].value - *first) * 1e-3;
    }
    for (std::size_t i = 0; i < meters.size(); ++i) {
      if (values[i + 1].code == NvmlCode::ok) {
        const Power power{static_cast<double>(values[i + 1].value) * 1e-3};
        joules[i + 1] = meters[i].read(time, power).joules();
      }
    }
  });
  fmt::print("| {} |", label);
  for (const auto& energy : joules) {
    fmt::print(" {} |", energy ? fmt::format("{:.1f}", *energy / seconds(end - begin)) : "-");
  }
  fmt::print("\n");
}

int answer(const Gpu& gpu, const std::vector<std::string>& words) {
  const Duration length = from_seconds(words.size() > 1 ? std::atof(words[1].c_str()) : 5);
  if (words[0] == "facts") {
    facts(gpu);
  } else if (words[0] == "scopes") {
    scopes(gpu);
  } else if (words[0] == "latency") {
    latency(gpu);
  } else if (words[0] == "updates") {
    updates(gpu, length);
  } else if (words[0] == "compare") {
    compare(gpu, length, words.size() > 2 ? words[2].c_str() : "");
  } else {
    return 2;
  }
  return 0;
}

int main_of(const std::vector<std::string>& words) {
  const char* given = std::getenv("GRADWATT_NVML_LIB");
  std::string error;
  const auto library = NvmlLibrary::open(given != nullptr ? given : "libnvidia-ml.so.1", error);
  NvmlHandle handle = nullptr;
  const char* device = std::getenv("GPU");
  const unsigned index = device != nullptr ? static_cast<unsigned>(std::atoi(device)) : 0;
  if (library == nullptr || library->init() != NvmlCode::ok ||
      library->device(index, handle) != NvmlCode::ok) {
    fmt::print(stderr, "no NVIDIA GPU {} that NVML can read. {}\n", index, error);
    return kNoGpu;
  }
  return answer(Gpu(*library, handle), words);
}

}  // namespace
}  // namespace gradwatt

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: gpu_sensors facts|scopes|latency|updates S|compare S LABEL\n");
    return 2;
  }
  return gradwatt::main_of({argv + 1, argv + argc});
}
