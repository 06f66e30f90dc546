#pragma once

#include "measure/counter_trial.h"
#include "measure/nvml_library.h"
#include "measure/nvml_sensor.h"
#include "measure/power_channel.h"
#include "measure/source.h"
#include "trace/counter.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// One NVIDIA GPU as NVML lists it.
struct NvmlGpu {
  NvmlHandle handle = nullptr;
  unsigned index = 0;
  std::string uuid;
  std::string name;
  NvmlSensor sensor;
  bool sliced = false;  ///< In MIG mode.
};

/// How one board's energy can be had.
struct NvmlWay {
  enum class Kind {
    energy_call,   ///< nvmlDeviceGetTotalEnergyConsumption
    energy_field,  ///< the same as a field
    power_field,   ///< the instant power, as a field
    power_call,    ///< nvmlDeviceGetPowerUsage
  };
  Kind kind = Kind::energy_call;
  NvmlField field = NvmlField::energy;
  NvmlScope scope = NvmlScope::gpu;

  [[nodiscard]] bool counts() const {
    return kind == Kind::energy_call || kind == Kind::energy_field;
  }
};

/// The best way that works now: a counter of the board, its instant power, its power by call, the
/// module's counter, the module's power. nullopt: none; then `code` says why the first failed.
[[nodiscard]] std::optional<NvmlWay> best_way(const NvmlLibrary& library,
                                              NvmlHandle handle,
                                              NvmlCode& code);

/// Reads one GPU: channel "gpu<index>" and, where the memory has a sensor of its own,
/// "gpu<index>-memory". Used by one thread at a time.
class NvmlBoard final : public PowerSource {
 public:
  NvmlBoard(std::shared_ptr<const NvmlLibrary> library,
            NvmlGpu gpu,
            NvmlWay way,
            const Machine& machine);

  [[nodiscard]] const std::vector<ChannelInfo>& channels() const override { return infos_; }
  void read(std::span<ChannelReading> readings) noexcept override;
  void read_states(std::vector<DeviceState>& states) noexcept override;
  void forget_last() noexcept override;

 private:
  [[nodiscard]] ChannelInfo describe_board(const Machine& machine) const;
  [[nodiscard]] ChannelInfo describe_memory(const Machine& machine) const;
  [[nodiscard]] std::optional<Power> most_power() const;
  /// The value in mJ or mW, whichever way_ gives.
  [[nodiscard]] NvmlCode ask(const NvmlWay& way, std::int64_t& value) const;
  [[nodiscard]] ChannelReading read_power(PowerChannel& channel, NvmlCode code, std::int64_t mw);
  void watch(const ChannelReading& reading, Instant time);
  void find_again(NvmlCode code);

  std::shared_ptr<const NvmlLibrary> library_;
  const Clock& clock_;
  NvmlGpu gpu_;
  NvmlWay way_;
  std::optional<NvmlWay> power_;  ///< For the cross-check and the states.
  std::vector<ChannelInfo> infos_;
  CounterMeter counter_;
  PowerChannel board_power_;
  PowerChannel memory_power_;
  CounterTrial trial_;  ///< Of the counter, in its first seconds.
  std::optional<CounterTrial::Verdict> verdict_;
  NvmlCode last_code_ = NvmlCode::ok;
  Instant search_again_;
};

}  // namespace gradwatt
