// A stand-in for libamd_smi.so with as many GPUs and faults as the file GRADWATT_FAKE_AMDSMI says.
//
//   version 26                     24, 25 or 26 decide the structures; others are told as they are
//   init 34                        what amdsmi_init returns
//   gpu name=MI300X power=300 ...  one line per GPU:
//       uuid bdf (hexadecimal) name
//       power         W that are told
//       rate          W that are counted; absent: as power
//       energy0       J at the beginning
//       resolution    µJ per count, 15.3 if absent
//       average=1     the power is told as the average one, as MI200 and older do
//       falls_at      s after the beginning: the counter falls by 50 J
//       fails_at      s after the beginning: every call fails with 30
//       energy_code power_code     what these calls return
//
// Time is CLOCK_MONOTONIC since amdsmi_init, or what fake_amdsmi_set_time says.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace {

using Code = std::uint32_t;
constexpr Code kInvalid = 1;
constexpr Code kBusy = 30;
constexpr Code kNotInitialized = 32;

struct Gpu {
  std::map<std::string, std::string> fields;

  [[nodiscard]] double number(const std::string& name, double otherwise) const {
    const auto field = fields.find(name);
    return field == fields.end() ? otherwise : std::strtod(field->second.c_str(), nullptr);
  }
  [[nodiscard]] std::string text(const std::string& name) const {
    const auto field = fields.find(name);
    return field == fields.end() ? "" : field->second;
  }
};

struct State {
  std::uint32_t version = 26;
  Code init_code = 0;
  bool initialized = false;
  double began_s = 0;
  std::optional<double> set_s;
  std::vector<std::unique_ptr<Gpu>> gpus;
};

State& state() {
  static State the_state;
  return the_state;
}

double now_s() {
  if (state().set_s) {
    return *state().set_s;
  }
  std::timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}
double age_s() { return now_s() - state().began_s; }

void load() {
  state().gpus.clear();
  state().version = 26;
  state().init_code = 0;
  const char* file = std::getenv("GRADWATT_FAKE_AMDSMI");
  std::ifstream in(file != nullptr ? file : "");
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string word;
    words >> word;
    if (word == "version") {
      words >> state().version;
    } else if (word == "init") {
      words >> state().init_code;
    } else if (word == "gpu") {
      auto gpu = std::make_unique<Gpu>();
      while (words >> word) {
        gpu->fields[word.substr(0, word.find('='))] = word.substr(word.find('=') + 1);
      }
      state().gpus.push_back(std::move(gpu));
    }
  }
}

/// What a call about `handle` returns before it does anything.
Code begin_call(void* handle) {
  if (!state().initialized) {
    return kNotInitialized;
  }
  if (handle == nullptr) {
    return kInvalid;
  }
  const auto* gpu = static_cast<const Gpu*>(handle);
  return age_s() >= gpu->number("fails_at", 1e300) ? kBusy : 0;
}

}  // namespace

extern "C" {

void fake_amdsmi_set_time(double s) { state().set_s = s; }

Code amdsmi_get_lib_version(void* version) {
  load();
  const std::uint32_t words[] = {state().version, state().version < 26 ? 7U : 1U, 0, 0};
  std::memcpy(version, words, sizeof words);
  return 0;
}

Code amdsmi_init(std::uint64_t flags) {
  load();
  state().initialized = state().init_code == 0 && flags == 2;
  state().began_s = now_s();
  return state().init_code;
}

Code amdsmi_shut_down() {
  state().initialized = false;
  return 0;
}

Code amdsmi_get_socket_handles(std::uint32_t* count, void** sockets) {
  if (!state().initialized) {
    return kNotInitialized;
  }
  *count = static_cast<std::uint32_t>(state().gpus.size());
  for (std::uint32_t i = 0; sockets != nullptr && i < *count; ++i) {
    sockets[i] = state().gpus[i].get();
  }
  return 0;
}

Code amdsmi_get_processor_handles(void* socket, std::uint32_t* count, void** processors) {
  *count = 1;
  if (processors != nullptr) {
    processors[0] = socket;
  }
  return 0;
}

Code amdsmi_get_energy_count(void* handle,
                             std::uint64_t* count,
                             float* resolution,
                             std::uint64_t* ns) {
  if (const Code code = begin_call(handle)) {
    return code;
  }
  const auto* gpu = static_cast<const Gpu*>(handle);
  if (const auto code = static_cast<Code>(gpu->number("energy_code", 0))) {
    return code;
  }
  *resolution = static_cast<float>(gpu->number("resolution", 15.3));
  double joules =
      gpu->number("energy0", 0) + gpu->number("rate", gpu->number("power", 0)) * age_s();
  if (age_s() >= gpu->number("falls_at", 1e300)) {
    joules -= 50;
  }
  *count = static_cast<std::uint64_t>(joules * 1e6 / static_cast<double>(*resolution));
  *ns = static_cast<std::uint64_t>(now_s() * 1e9);
  return 0;
}

Code amdsmi_get_power_info(void* handle, void* info) {
  if (const Code code = begin_call(handle)) {
    return code;
  }
  const auto* gpu = static_cast<const Gpu*>(handle);
  if (const auto code = static_cast<Code>(gpu->number("power_code", 0))) {
    return code;
  }
  const std::uint32_t version = state().version;
  const std::uint32_t absent = version == 24 ? 0xffff : 0xffffffff;
  const auto watts = static_cast<std::uint32_t>(gpu->number("power", 0));
  const bool average = gpu->number("average", 0) != 0;
  std::uint32_t words[48];
  std::memset(words, 0xff, sizeof words);
  const std::size_t first = version == 24 ? 0 : 2;
  words[first] = average ? absent : watts;
  words[first + 1] = average ? watts : absent;
  // The sizes of amdsmi_power_info_t in each version.
  std::memcpy(info, words, version == 24 ? 68 : version == 25 ? 40 : 192);
  return 0;
}

Code amdsmi_get_power_cap_info(void* handle, std::uint32_t, void* info) {
  if (const Code code = begin_call(handle)) {
    return code;
  }
  const auto cap =
      static_cast<std::uint64_t>(static_cast<const Gpu*>(handle)->number("limit", 750) * 1e6);
  std::memset(info, 0, 64);
  std::memcpy(info, &cap, sizeof cap);
  return 0;
}

Code amdsmi_get_gpu_device_uuid(void* handle, unsigned* length, char* uuid) {
  const std::string text = static_cast<const Gpu*>(handle)->text("uuid");
  if (text.empty() || *length <= text.size()) {
    return kInvalid;
  }
  std::memcpy(uuid, text.c_str(), text.size() + 1);
  return 0;
}

Code amdsmi_get_gpu_device_bdf(void* handle, std::uint64_t* bdf) {
  *bdf = std::strtoull(static_cast<const Gpu*>(handle)->text("bdf").c_str(), nullptr, 16);
  return 0;
}

Code amdsmi_get_gpu_asic_info(void* handle, void* info) {
  const std::string text = static_cast<const Gpu*>(handle)->text("name");
  std::memset(info, 0, 896);
  std::memcpy(info, text.c_str(), text.size());
  return 0;
}

Code amdsmi_status_code_to_string(Code code, const char** text) {
  *text = code == kBusy             ? "AMDSMI_STATUS_BUSY - Processor busy"
          : code == kNotInitialized ? "AMDSMI_STATUS_NOT_INIT - Processor not initialized"
                                    : "AMDSMI_STATUS_UNKNOWN_ERROR - An unknown error occurred";
  return 0;
}

}  // extern "C"
