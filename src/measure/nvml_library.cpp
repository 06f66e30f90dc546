// Our own declarations of the part of NVML's binary interface that we use. Numbers, names and
// layouts are facts of that interface, as its header nvml.h documents them.
#include "measure/nvml_library.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <dlfcn.h>

namespace gradwatt {

struct NvmlLibrary::Functions {
  using Handle = NvmlHandle;

  union Value {
    double real;
    unsigned int u32;
    unsigned long ulong;
    unsigned long long u64;
    long long s64;
    int s32;
    unsigned short u16;
  };
  struct FieldValue {
    unsigned int field;
    unsigned int scope;
    long long timestamp_us;  // Since 1970, on the clock that people set: of no use for measuring.
    long long latency_us;
    unsigned int type;
    int code;
    Value value;
  };
  static_assert(sizeof(FieldValue) == 40);
  struct PciInfo {
    std::array<char, 16> short_id;
    std::array<unsigned int, 5> numbers;
    std::array<char, 32> id;
  };
  static_assert(sizeof(PciInfo) == 68);

  int (*init)();
  int (*shutdown)();
  int (*count)(unsigned*);
  int (*by_index)(unsigned, Handle*);
  // What some driver lacks stays null.
  int (*driver_version)(char*, unsigned);
  int (*by_uuid)(const char*, Handle*);
  int (*uuid)(Handle, char*, unsigned);
  int (*name)(Handle, char*, unsigned);
  int (*architecture)(Handle, unsigned*);
  int (*pci_info)(Handle, PciInfo*);
  int (*mig_mode)(Handle, unsigned*, unsigned*);
  int (*mig_count)(Handle, unsigned*);
  int (*mig_by_index)(Handle, unsigned, Handle*);
  int (*energy)(Handle, unsigned long long*);
  int (*power)(Handle, unsigned*);
  int (*enforced_limit)(Handle, unsigned*);
  int (*limit_constraints)(Handle, unsigned*, unsigned*);
  int (*field_values)(Handle, int, FieldValue*);
  int (*utilisation)(Handle, unsigned*);
  int (*temperature)(Handle, int, unsigned*);
  int (*clock)(Handle, int, unsigned*);
  int (*throttle_reasons)(Handle, unsigned long long*);
};

namespace {

template <typename Function>
void find(void* library, Function& function, const char* name) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
}

template <typename Function, typename... Arguments>
NvmlCode ask(Function function, Arguments... arguments) {
  return function == nullptr ? NvmlCode::function_not_found : NvmlCode{function(arguments...)};
}

/// Asks for one number and widens it.
template <typename Function, typename Number>
NvmlCode ask_number(Function function, NvmlHandle device, Number& number) {
  unsigned raw = 0;
  const NvmlCode code = ask(function, device, &raw);
  if (code == NvmlCode::ok) {
    number = static_cast<Number>(raw);
  }
  return code;
}

template <typename Function>
NvmlCode ask_text(Function function, NvmlHandle device, std::string& text) {
  std::array<char, 128> buffer{};
  const auto size = static_cast<unsigned>(buffer.size() - 1);
  const NvmlCode code = ask(function, device, buffer.data(), size);
  if (code == NvmlCode::ok) {
    text = buffer.data();
  }
  return code;
}

}  // namespace

std::string nvml_reason(NvmlCode code) {
  switch (code) {
    case NvmlCode::ok:
      return "no error";
    case NvmlCode::uninitialized:
      return "the driver was unloaded";
    case NvmlCode::invalid_argument:
      return "NVML does not know this GPU any more";
    case NvmlCode::not_supported:
      return "the GPU does not support this reading";
    case NvmlCode::no_permission:
      return "no permission to read the GPU";
    case NvmlCode::not_found:
      return "NVML does not find the GPU";
    case NvmlCode::driver_not_loaded:
      return "the NVIDIA driver is not loaded";
    case NvmlCode::timeout:
      return "the NVIDIA driver did not answer in time";
    case NvmlCode::function_not_found:
      return "this version of NVML has no such function";
    case NvmlCode::gpu_is_lost:
      return "the GPU is lost: it does not answer on its bus";
    case NvmlCode::reset_required:
      return "the GPU needs a reset";
    case NvmlCode::mismatch:
      return "the NVIDIA driver and its library have different versions";
    case NvmlCode::unknown:
      return "NVML failed for a reason it does not know";
  }
  return fmt::format("NVML error {}", static_cast<int>(code));
}

std::unique_ptr<NvmlLibrary> NvmlLibrary::open(const std::string& name, std::string& error) {
  void* library = ::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    // One thread opens libraries, and glibc keeps this text per thread.
    // NOLINTNEXTLINE(concurrency-mt-unsafe)
    const char* reason = ::dlerror();
    error = reason != nullptr ? reason : name + ": cannot be opened";
    return nullptr;
  }
  auto call = std::make_unique<Functions>();
  find(library, call->init, "nvmlInit_v2");
  find(library, call->shutdown, "nvmlShutdown");
  find(library, call->count, "nvmlDeviceGetCount_v2");
  find(library, call->by_index, "nvmlDeviceGetHandleByIndex_v2");
  if (call->init == nullptr || call->shutdown == nullptr || call->count == nullptr ||
      call->by_index == nullptr) {
    error = name + ": lacks the functions of NVML 2 and later";
    ::dlclose(library);
    return nullptr;
  }
  find(library, call->driver_version, "nvmlSystemGetDriverVersion");
  find(library, call->by_uuid, "nvmlDeviceGetHandleByUUID");
  find(library, call->uuid, "nvmlDeviceGetUUID");
  find(library, call->name, "nvmlDeviceGetName");
  find(library, call->architecture, "nvmlDeviceGetArchitecture");
  find(library, call->pci_info, "nvmlDeviceGetPciInfo_v3");
  find(library, call->mig_mode, "nvmlDeviceGetMigMode");
  find(library, call->mig_count, "nvmlDeviceGetMaxMigDeviceCount");
  find(library, call->mig_by_index, "nvmlDeviceGetMigDeviceHandleByIndex");
  find(library, call->energy, "nvmlDeviceGetTotalEnergyConsumption");
  find(library, call->power, "nvmlDeviceGetPowerUsage");
  find(library, call->enforced_limit, "nvmlDeviceGetEnforcedPowerLimit");
  find(library, call->limit_constraints, "nvmlDeviceGetPowerManagementLimitConstraints");
  find(library, call->field_values, "nvmlDeviceGetFieldValues");
  find(library, call->utilisation, "nvmlDeviceGetUtilizationRates");
  find(library, call->temperature, "nvmlDeviceGetTemperature");
  find(library, call->clock, "nvmlDeviceGetClockInfo");
  find(library, call->throttle_reasons, "nvmlDeviceGetCurrentClocksThrottleReasons");
  return std::unique_ptr<NvmlLibrary>(new NvmlLibrary(library, std::move(call)));
}

NvmlLibrary::NvmlLibrary(void* library, std::unique_ptr<Functions> functions)
    : library_(library), call_(std::move(functions)) {}

NvmlLibrary::~NvmlLibrary() {
  if (initialized_) {
    call_->shutdown();
  }
  ::dlclose(library_);
}

NvmlCode NvmlLibrary::init() {
  const NvmlCode code{call_->init()};
  initialized_ = code == NvmlCode::ok;
  return code;
}

std::string NvmlLibrary::driver_version() const {
  std::array<char, 128> text{};
  const auto size = static_cast<unsigned>(text.size() - 1);
  return ask(call_->driver_version, text.data(), size) == NvmlCode::ok ? text.data() : "";
}

NvmlCode NvmlLibrary::count(unsigned& devices) const { return ask(call_->count, &devices); }

NvmlCode NvmlLibrary::device(unsigned index, NvmlHandle& handle) const {
  return ask(call_->by_index, index, &handle);
}

NvmlCode NvmlLibrary::device(const std::string& uuid, NvmlHandle& handle) const {
  return ask(call_->by_uuid, uuid.c_str(), &handle);
}

NvmlCode NvmlLibrary::uuid(NvmlHandle device, std::string& text) const {
  return ask_text(call_->uuid, device, text);
}

NvmlCode NvmlLibrary::name(NvmlHandle device, std::string& text) const {
  return ask_text(call_->name, device, text);
}

NvmlCode NvmlLibrary::architecture(NvmlHandle device, unsigned& generation) const {
  return ask(call_->architecture, device, &generation);
}

NvmlCode NvmlLibrary::pci_address(NvmlHandle device, std::string& text) const {
  Functions::PciInfo info{};
  const NvmlCode code = ask(call_->pci_info, device, &info);
  if (code == NvmlCode::ok) {
    text.assign(info.id.data(), ::strnlen(info.id.data(), info.id.size()));
  }
  return code;
}

NvmlCode NvmlLibrary::mig_enabled(NvmlHandle device, bool& enabled) const {
  unsigned current = 0;
  unsigned pending = 0;
  const NvmlCode code = ask(call_->mig_mode, device, &current, &pending);
  enabled = code == NvmlCode::ok && current == 1;
  return code;
}

std::vector<std::string> NvmlLibrary::mig_uuids(NvmlHandle device) const {
  std::vector<std::string> uuids;
  unsigned most = 0;
  if (ask(call_->mig_count, device, &most) != NvmlCode::ok) {
    return uuids;
  }
  for (unsigned i = 0; i < most; ++i) {
    NvmlHandle slice = nullptr;
    std::string text;
    if (ask(call_->mig_by_index, device, i, &slice) == NvmlCode::ok &&
        uuid(slice, text) == NvmlCode::ok) {
      uuids.push_back(text);
    }
  }
  return uuids;
}

NvmlCode NvmlLibrary::energy_mj(NvmlHandle device, std::int64_t& energy) const {
  unsigned long long raw = 0;
  const NvmlCode code = ask(call_->energy, device, &raw);
  energy = static_cast<std::int64_t>(raw);
  return code;
}

NvmlCode NvmlLibrary::power_mw(NvmlHandle device, std::int64_t& power) const {
  return ask_number(call_->power, device, power);
}

NvmlCode NvmlLibrary::power_limit_mw(NvmlHandle device, std::int64_t& limit) const {
  return ask_number(call_->enforced_limit, device, limit);
}

NvmlCode NvmlLibrary::greatest_power_limit_mw(NvmlHandle device, std::int64_t& limit) const {
  unsigned least = 0;
  unsigned greatest = 0;
  const NvmlCode code = ask(call_->limit_constraints, device, &least, &greatest);
  limit = greatest;
  return code;
}

NvmlCode NvmlLibrary::read(NvmlHandle device, std::span<NvmlValue> values) const {
  constexpr std::size_t kMost = 8;
  std::array<Functions::FieldValue, kMost> raw{};
  const std::size_t count = std::min(values.size(), kMost);
  for (std::size_t i = 0; i < count; ++i) {
    raw[i].field = static_cast<unsigned>(values[i].field);
    raw[i].scope = static_cast<unsigned>(values[i].scope);
  }
  const NvmlCode code = ask(call_->field_values, device, static_cast<int>(count), raw.data());
  for (std::size_t i = 0; i < values.size(); ++i) {
    NvmlValue& value = values[i];
    value.code = code != NvmlCode::ok ? code
                 : i < count          ? NvmlCode{raw[i].code}
                                      : NvmlCode::unknown;
    if (value.code != NvmlCode::ok) {
      continue;
    }
    value.latency_us = raw[i].latency_us;
    // The same field has different types in different drivers.
    switch (raw[i].type) {
      case 0:
        value.value = std::llround(raw[i].value.real);
        break;
      case 1:
        value.value = raw[i].value.u32;
        break;
      case 2:
        value.value = static_cast<std::int64_t>(raw[i].value.ulong);
        break;
      case 3:
        value.value = static_cast<std::int64_t>(raw[i].value.u64);
        break;
      case 4:
        value.value = raw[i].value.s64;
        break;
      case 5:
        value.value = raw[i].value.s32;
        break;
      case 6:
        value.value = raw[i].value.u16;
        break;
      default:
        value.code = NvmlCode::unknown;
    }
  }
  return code;
}

NvmlCode NvmlLibrary::utilisation(NvmlHandle device, Utilisation& percent) const {
  std::array<unsigned, 2> rates{};
  const NvmlCode code = ask(call_->utilisation, device, rates.data());
  percent = {rates[0], rates[1]};
  return code;
}

NvmlCode NvmlLibrary::temperature_c(NvmlHandle device, unsigned& temperature) const {
  constexpr int kOfTheGpu = 0;
  return ask(call_->temperature, device, kOfTheGpu, &temperature);
}

NvmlCode NvmlLibrary::sm_clock_mhz(NvmlHandle device, unsigned& clock) const {
  constexpr int kOfTheProcessors = 1;
  return ask(call_->clock, device, kOfTheProcessors, &clock);
}

NvmlCode NvmlLibrary::memory_clock_mhz(NvmlHandle device, unsigned& clock) const {
  constexpr int kOfTheMemory = 2;
  return ask(call_->clock, device, kOfTheMemory, &clock);
}

NvmlCode NvmlLibrary::throttle_reasons(NvmlHandle device, std::uint64_t& mask) const {
  unsigned long long raw = 0;
  const NvmlCode code = ask(call_->throttle_reasons, device, &raw);
  mask = raw;
  return code;
}

}  // namespace gradwatt
