#pragma once

#include "plant/signal.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gradwatt::fake_nvml {

/// Something goes wrong between two times, in seconds since the script's time zero.
struct Fault {
  enum class Kind {
    hang,    ///< Calls never return.
    crash,   ///< The process aborts.
    segv,    ///< The process is killed by SIGSEGV.
    error,   ///< Calls return `by`: 15 lost, 3 not supported, 4 no permission, 999 unknown.
    freeze,  ///< The sensors keep their values; afterwards they are right again.
    reset,   ///< At `from` the counter begins anew at 0.
    glitch,  ///< The counter says 0.
    scale,   ///< The counter counts `by` times what it should, from `from` on.
    power,   ///< The power sensors say `by` watts.
  };
  Kind kind = Kind::error;
  double from_s = 0;
  double to_s = 1e18;
  double by = 0;
};

/// A GPU made of a true power and of sensors that see it in their way.
struct Board {
  std::string uuid = "GPU-00000000-0000-0000-0000-000000000000";
  std::string name = "NVIDIA H100 80GB HBM3";
  unsigned architecture = 9;
  std::string pci = "00000000:01:00.0";
  bool can_mig = false;
  bool mig = false;
  std::vector<std::string> slices;
  std::string uuid_of_slice;  ///< Not empty: this is a slice, which has no sensors.

  Signal power{{Constant{100}}};
  std::optional<Signal> memory;   ///< Scope "memory" of the average.
  std::optional<Signal> module;   ///< Scope "module".
  bool gpu_scope = true;          ///< Powers and energy of the GPU itself are supported.
  bool counter = true;            ///< nvmlDeviceGetTotalEnergyConsumption,
  bool energy_field = true;       ///< fields 83 and 191,
  bool instant = true;            ///< field 186,
  bool average = true;            ///< field 185 are supported.
  std::string usage = "average";  ///< nvmlDeviceGetPowerUsage: average, instant or no.

  double counter_period_s = 0.1;
  double counter_phase_s = 0;
  double counter_start_j = 12345.678;
  double quantum_mj = 1;
  double update_s = 0.1;  ///< Of the powers.
  double window_s = 0.025;
  double phase_s = 0;
  double gain = 1;
  double limit_w = 700;
  double latency_s = 0;  ///< Of each call that asks the card.
  double utilisation = 100;
  unsigned temperature_c = 61;
  std::uint64_t throttle_reasons = 4;
  std::vector<Fault> faults;

  [[nodiscard]] std::int64_t energy_mj(double now_s, bool of_module = false) const;
  [[nodiscard]] std::int64_t instant_mw(double now_s, bool of_module = false) const;
  [[nodiscard]] std::int64_t average_mw(double now_s, const Signal& truth) const;
  [[nodiscard]] const Fault* fault(Fault::Kind kind, double now_s) const;

 private:
  [[nodiscard]] std::int64_t mean_mw(double now_s, double window_s, const Signal& truth) const;
  [[nodiscard]] double seen(double now_s) const;
  [[nodiscard]] double counted_j(double from_s, double to_s, const Signal& truth) const;
};

/// All that the fake library plays. The script's language is in README.md.
struct Script {
  int init_code = 0;
  std::string driver = "570.00.00";
  std::int64_t zero_ns = 0;  ///< Time zero on CLOCK_MONOTONIC.
  std::vector<Board> boards;
};

/// Throws Error for what it does not understand.
[[nodiscard]] Script read_script(const std::string& file);

}  // namespace gradwatt::fake_nvml
