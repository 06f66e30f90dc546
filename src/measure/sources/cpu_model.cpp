// The estimate for machines without a counter: a straight line between idle and full-load power
// over the machine's CPU time. Formula and error: docs/measurement.md, "The CPU model".
#include "measure/cpu_power_table.h"
#include "measure/machine_cpu_time.h"
#include "measure/sources/catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

/// Idle and full-load watts measured by the user on this very machine still leave the curve
/// between them: such lines were 14 to 21 % off; see docs/measurement.md.
constexpr double kKnownPowerError = 0.25;

struct MachinePower {
  Power idle;
  Power full;
  double gain_lo = 0;
  double gain_hi = 0;
  std::string basis;
};

MachinePower machine_power(const Machine& machine, const CpuIdentity& cpu) {
  if (machine.known_power) {
    return {machine.known_power->idle,
            machine.known_power->full,
            kKnownPowerError,
            kKnownPowerError,
            "idle and full-load watts given for this machine, ±25 %"};
  }
  const ThreadPower thread = thread_power(cpu, cpu_power_table());
  return {cpu.logical_cpus * Power{thread.idle_w},
          cpu.logical_cpus * Power{thread.full_w},
          thread.gain_lo,
          thread.gain_hi,
          thread.basis};
}

/// E = P_idle t + (P_full - P_idle) busy / n, with busy the CPU time of n CPUs during t.
class CpuModel final : public PowerSource {
 public:
  CpuModel(const Machine& machine, const CpuIdentity& cpu, MachineCpuTime cpu_time, bool in_total)
      : clock_(*machine.clock),
        run_cpu_time_(machine.run_cpu_time),
        cpu_time_(std::move(cpu_time)),
        power_(machine_power(machine, cpu)),
        cpus_(cpu.logical_cpus) {
    const std::string device = cpu.model_name.empty() ? "cpu" : cpu.model_name;
    ChannelInfo whole{"cpu-model", device, "cpu-model", "model", "node-share"};
    whole.kind = EnergyKind::estimated;
    whole.in_total = in_total;
    whole.gain_lo = power_.gain_lo;
    whole.gain_hi = power_.gain_hi;
    whole.refresh = cpu_time_.resolution();
    whole.power_max = power_.full;
    whole.basis = power_.basis;
    infos_.push_back(whole);
    if (run_cpu_time_) {
      ChannelInfo run = whole;
      run.channel = "cpu-model-run";
      run.scope = "run-above-idle";
      run.in_total = false;  // It is part of the whole.
      infos_.push_back(run);
    }
  }

  [[nodiscard]] const std::vector<ChannelInfo>& channels() const override { return infos_; }

  void read(std::span<ChannelReading> readings) noexcept override {
    readings[0] = read_machine();
    if (readings.size() > 1) {
      readings[1] = read_run();
    }
  }

 private:
  ChannelReading read_machine() noexcept {
    const auto busy = cpu_time_.read();
    if (!busy) {
      return ReadFailure{"CPU time unreadable", cpu_time_.error()};
    }
    const Instant now = clock_.now();
    if (last_busy_) {
      const double s = seconds(now - last_time_);
      const double load_s = std::clamp(seconds(*busy - *last_busy_) / cpus_, 0.0, s);
      joules_ += power_.idle.watts * s + (power_.full - power_.idle).watts * load_s;
    }
    last_time_ = now;
    last_busy_ = busy;
    return Energy{static_cast<std::int64_t>(std::floor(joules_ * 1e6))};
  }

  ChannelReading read_run() noexcept {
    const auto used = run_cpu_time_();
    if (!used) {
      return NotRenewed{};  // The old value at this time would say that nothing was consumed.
    }
    // A process that ended unseen takes its time out of the sum: what was counted stays.
    run_used_ = std::max(run_used_, *used);
    const double load_s = seconds(run_used_) / cpus_;
    return Energy{
        static_cast<std::int64_t>(std::floor((power_.full - power_.idle).watts * load_s * 1e6))};
  }

  const Clock& clock_;
  std::function<std::optional<Duration>()> run_cpu_time_;
  MachineCpuTime cpu_time_;
  MachinePower power_;
  double cpus_;
  std::vector<ChannelInfo> infos_;
  Instant last_time_;
  std::optional<Duration> last_busy_;
  Duration run_used_{};
  double joules_ = 0;
};

Discovery discover_cpu_model(const Machine& machine, std::span<const std::string> measured) {
  Discovery discovery;
  if (std::find(measured.begin(), measured.end(), "cpu-package") != measured.end()) {
    discovery.findings.push_back({"cpu-model",
                                  Finding::Status::unused,
                                  "the CPU is measured: an estimate is not needed",
                                  ""});
    return discovery;
  }
  const CpuIdentity cpu = identify_cpu(machine.sysroot);
  MachineCpuTime cpu_time(machine.sysroot);
  if (cpu.logical_cpus == 0 || !cpu_time.read()) {
    discovery.findings.push_back({"cpu-model",
                                  Finding::Status::absent,
                                  cpu.logical_cpus == 0 ? "/proc/cpuinfo lists no CPU"
                                                        : "the machine's CPU time is unreadable",
                                  "mount /proc"});
    return discovery;
  }
  const MachinePower power = machine_power(machine, cpu);
  const std::string origin = cpu_time.origin();
  discovery.findings.push_back(
      {"cpu-model",
       Finding::Status::present,
       fmt::format("estimate, {:.3g} W idle to {:.3g} W on {} CPUs, CPU time from {}; {}",
                   power.idle.watts,
                   power.full.watts,
                   cpu.logical_cpus,
                   origin,
                   power.basis),
       machine.known_power ? ""
                           : "measure idle and full load with a wall meter and pass "
                             "--cpu-watts IDLE:FULL"});
  discovery.sources.push_back(std::make_unique<CpuModel>(machine, cpu, std::move(cpu_time), true));
  return discovery;
}

}  // namespace

SourceFamily cpu_model_family() {
  return {"cpu-model", "estimate from CPU time, where no counter exists", discover_cpu_model};
}

}  // namespace gradwatt
