#include "measure/nvml_board.h"

#include "measure/apply_facts.h"
#include "measure/metered.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace gradwatt {
namespace {

using Kind = NvmlWay::Kind;

/// A board whose power limit NVML does not tell draws less than this.
constexpr Power kPlausibleMax{3000};
/// Boards pass their limit for moments.
constexpr double kAboveLimit = 1.5;
constexpr Duration kCounterRefresh = std::chrono::milliseconds(100);
constexpr Duration kOneSecond = std::chrono::seconds(1);
constexpr Duration kTrialLasts = std::chrono::seconds(5);
constexpr Energy kCounterStep{1000};
constexpr Duration kSearchEvery = std::chrono::seconds(10);

constexpr NvmlWay kInstant{Kind::power_field, NvmlField::power_instant, NvmlScope::gpu};
constexpr NvmlWay kByCall{Kind::power_call, NvmlField::power_average, NvmlScope::gpu};
constexpr NvmlWay kMemory{Kind::power_field, NvmlField::power_average, NvmlScope::memory};

NvmlCode ask_way(const NvmlLibrary& library,
                 NvmlHandle handle,
                 const NvmlWay& way,
                 std::int64_t& value) {
  if (way.kind == Kind::energy_call) {
    return library.energy_mj(handle, value);
  }
  if (way.kind == Kind::power_call) {
    return library.power_mw(handle, value);
  }
  NvmlValue field{way.field, way.scope};
  library.read(handle, {&field, 1});
  value = field.value;
  return field.code;
}

bool works(const NvmlLibrary& library, NvmlHandle handle, const NvmlWay& way) {
  std::int64_t value = 0;
  return ask_way(library, handle, way, value) == NvmlCode::ok;
}

Power watts(std::int64_t milliwatts) { return {static_cast<double>(milliwatts) * 1e-3}; }

}  // namespace

std::optional<NvmlWay> best_way(const NvmlLibrary& library, NvmlHandle handle, NvmlCode& code) {
  constexpr std::array kWays = {
      NvmlWay{Kind::energy_call, NvmlField::energy, NvmlScope::gpu},
      NvmlWay{Kind::energy_field, NvmlField::energy, NvmlScope::gpu},
      NvmlWay{Kind::energy_field, NvmlField::energy_since_load, NvmlScope::gpu},
      kInstant,
      kByCall,
      // Grace Hopper with some drivers: the board by itself is not told, the module is.
      NvmlWay{Kind::energy_field, NvmlField::energy, NvmlScope::module},
      NvmlWay{Kind::power_field, NvmlField::power_instant, NvmlScope::module},
  };
  code = NvmlCode::ok;
  for (const NvmlWay& way : kWays) {
    std::int64_t value = 0;
    const NvmlCode result = ask_way(library, handle, way, value);
    if (result == NvmlCode::ok) {
      return way;
    }
    // That a function is missing or not supported says less than what hinders all of them.
    const bool plain = result == NvmlCode::not_supported ||
                       result == NvmlCode::function_not_found ||
                       result == NvmlCode::invalid_argument;
    if (code == NvmlCode::ok || !plain) {
      code = result;
    }
  }
  return std::nullopt;
}

NvmlBoard::NvmlBoard(std::shared_ptr<const NvmlLibrary> library,
                     NvmlGpu gpu,
                     NvmlWay way,
                     const Machine& machine)
    : library_(std::move(library)),
      clock_(*machine.clock),
      gpu_(std::move(gpu)),
      way_(way),
      counter_({}),
      board_power_({}, kPlausibleMax),
      memory_power_({}, kPlausibleMax) {
  const NvmlWay module_power{Kind::power_field, NvmlField::power_instant, NvmlScope::module};
  for (const NvmlWay& power : way_.scope == NvmlScope::gpu
                                  ? std::array{kInstant, kByCall}
                                  : std::array{module_power, module_power}) {
    if (!power_ && works(*library_, gpu_.handle, power)) {
      power_ = power;
    }
  }
  infos_.push_back(describe_board(machine));
  if (works(*library_, gpu_.handle, kMemory)) {
    infos_.push_back(describe_memory(machine));
  }
  const Power most = infos_.front().power_max.value_or(kPlausibleMax);
  counter_ = CounterMeter({std::nullopt, most, std::nullopt, infos_.front().refresh});
  board_power_ = PowerChannel(infos_.front().refresh, most);
  memory_power_ = PowerChannel(infos_.back().refresh, most);
}

std::optional<Power> NvmlBoard::most_power() const {
  std::int64_t limit = 0;
  if (way_.scope == NvmlScope::module) {
    NvmlValue field{NvmlField::power_max_limit, NvmlScope::module};
    library_->read(gpu_.handle, {&field, 1});
    limit = field.code == NvmlCode::ok ? field.value : 0;
  } else {
    std::int64_t enforced = 0;
    if (library_->power_limit_mw(gpu_.handle, enforced) != NvmlCode::ok) {
      enforced = 0;
    }
    if (library_->greatest_power_limit_mw(gpu_.handle, limit) != NvmlCode::ok) {
      limit = 0;
    }
    limit = std::max(limit, enforced);
  }
  return limit > 0 ? std::optional(kAboveLimit * watts(limit)) : std::nullopt;
}

ChannelInfo NvmlBoard::describe_board(const Machine& machine) const {
  const NvmlSensor& sensor = gpu_.sensor;
  ChannelInfo info{fmt::format("gpu{}", gpu_.index), gpu_.uuid, "nvml"};
  info.method = way_.counts() ? "counter" : "power";
  info.scope = way_.scope == NvmlScope::module ? "module"
               : gpu_.sliced                   ? "gpu-shared-board"
                                               : "gpu-board";
  info.in_total = !gpu_.sliced;
  info.gain_lo = info.gain_hi = sensor.gain;
  info.power_max = most_power();
  std::string how = "energy counter";
  if (way_.counts()) {
    info.refresh = kCounterRefresh;
    info.quantum = kCounterStep;
  } else if (way_.kind == Kind::power_call && sensor.mean_by_call) {
    info.refresh = kCounterRefresh;
    info.window = kOneSecond;
    how = "one-second mean of the power";
  } else {
    info.refresh = sensor.refresh;
    info.window = sensor.window;
    how = fmt::format("power, looks at {} of every {} ms{}",
                      sensor.window / std::chrono::milliseconds(1),
                      sensor.refresh / std::chrono::milliseconds(1),
                      sensor.window_known ? "" : " (assumed: not published for this chip)");
  }
  info.basis = fmt::format("NVML {}, {}, ±{:.0f} %", how, sensor.board, 100 * sensor.gain);
  if (way_.scope == NvmlScope::module) {
    info.basis += "; of the whole module: GPU, CPU and their memory";
  }
  if (gpu_.sliced) {
    info.basis += "; shared by its MIG slices: no slice's own power is known";
  }
  apply_facts(info, machine);
  return info;
}

ChannelInfo NvmlBoard::describe_memory(const Machine& machine) const {
  ChannelInfo info{fmt::format("gpu{}-memory", gpu_.index), gpu_.uuid, "nvml", "power"};
  info.scope = "gpu-memory";
  info.gain_lo = info.gain_hi = gpu_.sensor.gain;
  info.refresh = kCounterRefresh;
  info.window = kOneSecond;
  info.power_max = infos_.front().power_max;
  info.basis = "NVML one-second mean of the GPU memory's power, part of its board";
  apply_facts(info, machine);
  return info;
}

NvmlCode NvmlBoard::ask(const NvmlWay& way, std::int64_t& value) const {
  return ask_way(*library_, gpu_.handle, way, value);
}

void NvmlBoard::read(std::span<ChannelReading> readings) noexcept {
  const Instant before = clock_.now();
  std::int64_t value = 0;
  const NvmlCode code = ask(way_, value);
  const Instant time = before + (clock_.now() - before) / 2;
  if (!way_.counts()) {
    readings[0] = read_power(board_power_, code, value);
  } else if (code != NvmlCode::ok || value < 0) {
    readings[0] = ReadFailure{nvml_reason(code == NvmlCode::ok ? NvmlCode::unknown : code)};
  } else {
    readings[0] = metered(counter_, time, Energy{value * 1000});
    watch(readings[0], time);
  }
  last_code_ = code;
  if (readings.size() > 1) {
    std::int64_t memory = 0;
    const NvmlCode memory_code = ask(kMemory, memory);
    readings[1] = read_power(memory_power_, memory_code, memory);
  }
  find_again(code);
}

ChannelReading NvmlBoard::read_power(PowerChannel& channel, NvmlCode code, std::int64_t mw) {
  if (code != NvmlCode::ok) {
    return channel.fail(nvml_reason(code), 0);
  }
  if (mw <= 0) {
    return channel.fail("the sensor says 0 W, which no board draws", 0);
  }
  return channel.take(clock_.now(), watts(mw));
}

/// Compares the counter with the power until there is a verdict; a device that draws nothing gets
/// none.
void NvmlBoard::watch(const ChannelReading& reading, Instant time) {
  if (!power_ || verdict_) {
    return;
  }
  const auto* energy = std::get_if<Energy>(&reading);
  std::int64_t mw = 0;
  if (energy == nullptr || ask(*power_, mw) != NvmlCode::ok) {
    trial_ = {};
    return;
  }
  trial_.note(time, *energy, watts(mw));
  if (trial_.length() >= kTrialLasts && trial_.mean_power() > Power{}) {
    verdict_ = trial_.verdict({});
  }
}

/// A GPU that went away may come back under another handle.
void NvmlBoard::find_again(NvmlCode code) {
  const bool gone = code == NvmlCode::gpu_is_lost || code == NvmlCode::invalid_argument ||
                    code == NvmlCode::not_found || code == NvmlCode::uninitialized;
  const Instant now = clock_.now();
  if (!gone || now < search_again_) {
    return;
  }
  search_again_ = now + kSearchEvery;
  NvmlHandle handle = nullptr;
  if (library_->device(gpu_.uuid, handle) == NvmlCode::ok) {
    gpu_.handle = handle;
  }
}

void NvmlBoard::read_states(std::vector<DeviceState>& states) noexcept {
  if (last_code_ != NvmlCode::ok) {
    return;  // A lost GPU may take long to answer with errors.
  }
  const std::string& channel = infos_.front().channel;
  const auto add = [&](const char* name, NvmlCode code, double value) {
    if (code == NvmlCode::ok) {
      states.push_back({channel, name, value});
    }
  };
  const NvmlHandle gpu = gpu_.handle;
  const NvmlScope scope = way_.scope;
  std::array fields = {NvmlValue{NvmlField::power_instant, scope},
                       NvmlValue{NvmlField::power_limit, scope}};
  library_->read(gpu, fields);
  std::int64_t mw = fields[0].value;
  NvmlCode code = fields[0].code;
  if (code != NvmlCode::ok && scope == NvmlScope::gpu) {
    code = library_->power_mw(gpu, mw);
  }
  add("power_w", code, watts(mw).watts);
  add("latency_us", fields[0].code, static_cast<double>(fields[0].latency_us));
  std::int64_t limit = fields[1].value;
  code = fields[1].code;
  if (code != NvmlCode::ok && scope == NvmlScope::gpu) {
    code = library_->power_limit_mw(gpu, limit);
  }
  add("power_limit_w", code, watts(limit).watts);
  NvmlLibrary::Utilisation percent;
  code = library_->utilisation(gpu, percent);
  add("utilisation_percent", code, percent.gpu);
  add("memory_utilisation_percent", code, percent.memory);
  unsigned number = 0;
  code = library_->temperature_c(gpu, number);
  add("temperature_c", code, number);
  code = library_->sm_clock_mhz(gpu, number);
  add("sm_clock_mhz", code, number);
  code = library_->memory_clock_mhz(gpu, number);
  add("memory_clock_mhz", code, number);
  std::uint64_t mask = 0;
  code = library_->throttle_reasons(gpu, mask);
  add("throttle_reasons", code, static_cast<double>(mask));
  if (verdict_.value_or(CounterTrial::Verdict::passed) != CounterTrial::Verdict::passed) {
    add("counter_suspect", NvmlCode::ok, 1);
  }
}

void NvmlBoard::forget_last() noexcept {
  counter_.forget_last();
  board_power_.forget_last();
  memory_power_.forget_last();
  trial_ = {};
}

}  // namespace gradwatt
