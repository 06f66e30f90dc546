// Source: the header amd_smi/amdsmi.h of ROCm 6.1 to 7.0 (version 24 to 26). Only what is used is
// declared. That 24 and 25 report the year first, and the positions of the powers in version 25,
// are also in the bindings of zeusd (ml-energy/zeus, Apache-2.0).
#include "measure/amdsmi_library.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <dlfcn.h>
#include <limits>

namespace gradwatt {
namespace {

using Code = std::uint32_t;

constexpr std::uint64_t kInitAmdGpus = 2;
constexpr std::uint32_t kOldest = 24;
constexpr std::uint32_t kNewest = 26;
constexpr const char* kUsualName = "libamd_smi.so";

/// Larger than any version's structure of that kind, for what the library writes behind the fields
/// that are read here.
using Buffer = std::array<std::uint32_t, 1024>;

/// Where the powers are among the 32-bit words of amdsmi_power_info_t, all in W.
struct PowerLayout {
  std::size_t current;
  std::size_t average;
};
constexpr PowerLayout layout_of(std::uint32_t version) {
  return version == 24 ? PowerLayout{0, 1} : PowerLayout{2, 3};
}

/// "Not told" is all ones, in 16 bits in older versions.
std::optional<Power> told(std::uint32_t watts) {
  return watts == 0xffff || watts == 0xffffffff ? std::nullopt
                                                : std::optional(Power{double(watts)});
}

template <typename Function>
bool find(void* library, const char* name, Function*& function) {
  // POSIX guarantees that a function's address fits what dlsym returns.
  function = reinterpret_cast<Function*>(::dlsym(library, name));
  return function != nullptr;
}

void* open_any(const std::string& name, std::string& error) {
  std::vector<std::string> names{name};
  if (name == kUsualName) {
    for (std::uint32_t version = kNewest; version >= kOldest; --version) {
      names.push_back(fmt::format("{}.{}", kUsualName, version));
    }
    names.push_back(std::string("/opt/rocm/lib/") + kUsualName);
  }
  for (const std::string& candidate : names) {
    if (void* library = ::dlopen(candidate.c_str(), RTLD_NOW | RTLD_LOCAL)) {
      return library;
    }
    if (error.empty()) {
      const char* why = ::dlerror();
      error = why != nullptr ? why : candidate + " cannot be opened";
    }
  }
  return nullptr;
}

}  // namespace

struct AmdsmiLibrary::Functions {
  Code (*init)(std::uint64_t flags) = nullptr;
  Code (*shut_down)() = nullptr;
  Code (*lib_version)(void* version) = nullptr;
  Code (*socket_handles)(std::uint32_t* count, void** sockets) = nullptr;
  Code (*processor_handles)(void* socket, std::uint32_t* count, void** processors) = nullptr;
  Code (*energy_count)(void* gpu,
                       std::uint64_t* count,
                       float* resolution,
                       std::uint64_t* ns) = nullptr;
  // Those below are of use, but not needed.
  Code (*power_info)(void* gpu, void* info) = nullptr;
  Code (*power_cap_info)(void* gpu, std::uint32_t sensor, void* info) = nullptr;
  Code (*device_uuid)(void* gpu, unsigned* length, char* uuid) = nullptr;
  Code (*device_bdf)(void* gpu, std::uint64_t* bdf) = nullptr;
  Code (*asic_info)(void* gpu, void* info) = nullptr;
  Code (*status_text)(Code code, const char** text) = nullptr;

  /// The name of a needed function that `library` lacks; nullptr: it has all.
  const char* load(void* library) {
    find(library, "amdsmi_get_power_info", power_info);
    find(library, "amdsmi_get_power_cap_info", power_cap_info);
    find(library, "amdsmi_get_gpu_device_uuid", device_uuid);
    find(library, "amdsmi_get_gpu_device_bdf", device_bdf);
    find(library, "amdsmi_get_gpu_asic_info", asic_info);
    find(library, "amdsmi_status_code_to_string", status_text);
    const bool base[] = {find(library, "amdsmi_init", init),
                         find(library, "amdsmi_shut_down", shut_down),
                         find(library, "amdsmi_get_lib_version", lib_version),
                         find(library, "amdsmi_get_socket_handles", socket_handles),
                         find(library, "amdsmi_get_processor_handles", processor_handles),
                         find(library, "amdsmi_get_energy_count", energy_count)};
    constexpr const char* kNames[] = {"amdsmi_init",
                                      "amdsmi_shut_down",
                                      "amdsmi_get_lib_version",
                                      "amdsmi_get_socket_handles",
                                      "amdsmi_get_processor_handles",
                                      "amdsmi_get_energy_count"};
    const auto* missing = std::find(std::begin(base), std::end(base), false);
    return missing == std::end(base) ? nullptr : kNames[missing - std::begin(base)];
  }
};

std::unique_ptr<AmdsmiLibrary> AmdsmiLibrary::open(const std::string& name, std::string& error) {
  void* opened = open_any(name, error);
  if (opened == nullptr) {
    return nullptr;
  }
  auto functions = std::make_unique<Functions>();
  if (const char* missing = functions->load(opened)) {
    error = fmt::format("{} lacks {}", name, missing);
    return nullptr;
  }
  std::unique_ptr<AmdsmiLibrary> library(new AmdsmiLibrary(std::move(functions)));
  // The version's first word is the year up to 25 and the major number from 26 on: 24, 25 or 26.
  Buffer version{};
  const Code asked = library->call_->lib_version(version.data());
  library->version_ = version[0];
  if (asked != 0 || version[0] < kOldest || version[0] > kNewest) {
    error = fmt::format("{} is version {}, and only {} to {} are known: their structures differ",
                        name,
                        asked == 0 ? std::to_string(version[0]) : "unknown",
                        kOldest,
                        kNewest);
    return nullptr;
  }
  const Code began = library->call_->init(kInitAmdGpus);
  library->initialized_ = began == 0;
  if (!library->initialized_) {
    error = fmt::format("{}: {}", name, library->reason(AmdsmiCode{began}));
    return nullptr;
  }
  return library;
}

AmdsmiLibrary::AmdsmiLibrary(std::unique_ptr<Functions> functions) : call_(std::move(functions)) {}

AmdsmiLibrary::~AmdsmiLibrary() {
  if (initialized_) {
    call_->shut_down();
  }
}

std::string AmdsmiLibrary::reason(AmdsmiCode code) const {
  const char* text = nullptr;
  if (code == AmdsmiCode::function_not_found) {
    return "this version of the library cannot tell";
  }
  if (call_->status_text != nullptr && call_->status_text(Code(code), &text) == 0 &&
      text != nullptr) {
    return text;
  }
  return fmt::format("AMD SMI says error {}", Code(code));
}

AmdsmiCode AmdsmiLibrary::gpus(std::vector<AmdsmiHandle>& handles) const {
  std::uint32_t socket_count = 0;
  if (const Code code = call_->socket_handles(&socket_count, nullptr)) {
    return AmdsmiCode{code};
  }
  std::vector<void*> sockets(socket_count);
  if (const Code code = call_->socket_handles(&socket_count, sockets.data())) {
    return AmdsmiCode{code};
  }
  sockets.resize(std::min<std::size_t>(socket_count, sockets.size()));
  for (void* socket : sockets) {
    std::uint32_t count = 0;
    if (const Code code = call_->processor_handles(socket, &count, nullptr)) {
      return AmdsmiCode{code};
    }
    std::vector<void*> gpus(count);
    if (const Code code = call_->processor_handles(socket, &count, gpus.data())) {
      return AmdsmiCode{code};
    }
    handles.insert(
        handles.end(), gpus.begin(), gpus.begin() + std::min<long>(count, long(gpus.size())));
  }
  return AmdsmiCode::ok;
}

std::string AmdsmiLibrary::uuid(AmdsmiHandle gpu) const {
  std::array<char, 64> text{};
  auto length = static_cast<unsigned>(text.size());
  const bool known =
      call_->device_uuid != nullptr && call_->device_uuid(gpu, &length, text.data()) == 0;
  text.back() = '\0';
  return known ? text.data() : "";
}

std::string AmdsmiLibrary::name(AmdsmiHandle gpu) const {
  Buffer info{};  // It begins with the name that the maker sells the card under.
  if (call_->asic_info == nullptr || call_->asic_info(gpu, info.data()) != 0) {
    return "";
  }
  std::array<char, 256> text{};
  std::memcpy(text.data(), info.data(), text.size() - 1);
  return text.data();
}

std::string AmdsmiLibrary::pci_address(AmdsmiHandle gpu) const {
  std::uint64_t bdf = 0;
  if (call_->device_bdf == nullptr || call_->device_bdf(gpu, &bdf) != 0) {
    return "";
  }
  return fmt::format(
      "{:04x}:{:02x}:{:02x}.{:x}", bdf >> 16, (bdf >> 8) & 0xff, (bdf >> 3) & 0x1f, bdf & 7);
}

AmdsmiCode AmdsmiLibrary::energy(AmdsmiHandle gpu, Energy& energy) const {
  std::uint64_t count = 0;
  float resolution = 0;
  std::uint64_t ns = 0;
  if (const Code code = call_->energy_count(gpu, &count, &resolution, &ns)) {
    return AmdsmiCode{code};
  }
  const double microjoules = static_cast<double>(count) * static_cast<double>(resolution);
  // What is no number, and what not even a century at full power reaches.
  if (!(resolution > 0) || !(microjoules < 9e18)) {
    return AmdsmiCode::not_supported;
  }
  energy = Energy{std::llround(microjoules)};
  return AmdsmiCode::ok;
}

AmdsmiCode AmdsmiLibrary::power(AmdsmiHandle gpu, Power& power) const {
  if (call_->power_info == nullptr) {
    return AmdsmiCode::function_not_found;
  }
  Buffer info{};
  if (const Code code = call_->power_info(gpu, info.data())) {
    return AmdsmiCode{code};
  }
  const PowerLayout layout = layout_of(version_);
  const auto current = told(info[layout.current]);
  const auto average = told(info[layout.average]);
  if (!current && !average) {
    return AmdsmiCode::not_supported;
  }
  // Where only one of them is kept up, the other may be 0 instead of "not told".
  power = current && current->watts > 0 ? *current : average.value_or(Power{});
  return AmdsmiCode::ok;
}

AmdsmiCode AmdsmiLibrary::power_limit(AmdsmiHandle gpu, Power& limit) const {
  if (call_->power_cap_info == nullptr) {
    return AmdsmiCode::function_not_found;
  }
  alignas(std::uint64_t) Buffer info{};
  if (const Code code = call_->power_cap_info(gpu, 0, info.data())) {
    return AmdsmiCode{code};
  }
  std::uint64_t microwatts = 0;  // The first field, the cap in force.
  std::memcpy(&microwatts, info.data(), sizeof microwatts);
  if (microwatts < 10'000'000 || microwatts > 10'000'000'000) {
    return AmdsmiCode::not_supported;
  }
  limit = Power{static_cast<double>(microwatts) * 1e-6};
  return AmdsmiCode::ok;
}

}  // namespace gradwatt
