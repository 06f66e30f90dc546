#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace gradwatt {

/// What NVML's functions return. Numbers that are not listed here occur too.
enum class NvmlCode : int {
  ok = 0,
  uninitialized = 1,
  invalid_argument = 2,
  not_supported = 3,
  no_permission = 4,
  not_found = 6,
  driver_not_loaded = 9,
  timeout = 10,
  function_not_found = 13,
  gpu_is_lost = 15,
  reset_required = 16,
  mismatch = 18,
  unknown = 999,
};

/// What `code` means for a reader: "the GPU is lost".
[[nodiscard]] std::string nvml_reason(NvmlCode code);

using NvmlHandle = void*;

/// The numbers that NVML's header gives these fields; powers in mW, energies in mJ.
enum class NvmlField : unsigned {
  energy_since_load = 83,
  power_average = 185,  ///< Over one second; Ampere without GA100, and newer.
  power_instant = 186,
  power_max_limit = 188,
  power_limit = 190,
  energy = 191,
};

/// What a power or energy field is about.
enum class NvmlScope : unsigned {
  gpu = 0,
  module = 1,  ///< The GPU and the maker's CPU and memory beside it.
  memory = 2,
};

/// One field to read and what came of it; `value` holds only where `code` is ok.
struct NvmlValue {
  NvmlField field = NvmlField::energy;
  NvmlScope scope = NvmlScope::gpu;
  NvmlCode code = NvmlCode::unknown;
  std::int64_t value = 0;
  std::int64_t latency_us = 0;  ///< What the driver spent on it.
};

/// The vendor's library, opened while the program runs. A function that this library does not have
/// answers function_not_found. Calls can block, and crash. Not thread-safe.
class NvmlLibrary {
 public:
  /// nullptr with a reason in `error` when there is no such library or it is of no use.
  [[nodiscard]] static std::unique_ptr<NvmlLibrary> open(const std::string& name,
                                                         std::string& error);
  ~NvmlLibrary();
  NvmlLibrary(const NvmlLibrary&) = delete;
  NvmlLibrary& operator=(const NvmlLibrary&) = delete;

  /// Begins use of the driver, until destruction: without persistence mode the driver unloads when
  /// nobody is left, and its counters begin anew.
  [[nodiscard]] NvmlCode init();

  [[nodiscard]] std::string driver_version() const;  ///< Empty: not known.
  [[nodiscard]] NvmlCode count(unsigned& devices) const;
  [[nodiscard]] NvmlCode device(unsigned index, NvmlHandle& handle) const;
  [[nodiscard]] NvmlCode device(const std::string& uuid, NvmlHandle& handle) const;

  [[nodiscard]] NvmlCode uuid(NvmlHandle device, std::string& text) const;
  [[nodiscard]] NvmlCode name(NvmlHandle device, std::string& text) const;
  [[nodiscard]] NvmlCode architecture(NvmlHandle device, unsigned& generation) const;
  [[nodiscard]] NvmlCode pci_address(NvmlHandle device, std::string& text) const;
  [[nodiscard]] NvmlCode mig_enabled(NvmlHandle device, bool& enabled) const;
  [[nodiscard]] std::vector<std::string> mig_uuids(NvmlHandle device) const;

  [[nodiscard]] NvmlCode energy_mj(NvmlHandle device, std::int64_t& energy) const;
  [[nodiscard]] NvmlCode power_mw(NvmlHandle device, std::int64_t& power) const;
  [[nodiscard]] NvmlCode power_limit_mw(NvmlHandle device, std::int64_t& limit) const;
  [[nodiscard]] NvmlCode greatest_power_limit_mw(NvmlHandle device, std::int64_t& limit) const;
  /// Reads several fields in one call. Returns what the call as a whole came to; each field has its
  /// own code besides, and the call's where that failed.
  NvmlCode read(NvmlHandle device, std::span<NvmlValue> values) const;

  struct Utilisation {
    unsigned gpu = 0;  ///< Percent of the time in which any kernel ran.
    unsigned memory = 0;
  };
  [[nodiscard]] NvmlCode utilisation(NvmlHandle device, Utilisation& percent) const;
  [[nodiscard]] NvmlCode temperature_c(NvmlHandle device, unsigned& temperature) const;
  [[nodiscard]] NvmlCode sm_clock_mhz(NvmlHandle device, unsigned& clock) const;
  [[nodiscard]] NvmlCode memory_clock_mhz(NvmlHandle device, unsigned& clock) const;
  [[nodiscard]] NvmlCode throttle_reasons(NvmlHandle device, std::uint64_t& mask) const;

 private:
  struct Functions;
  NvmlLibrary(void* library, std::unique_ptr<Functions> functions);

  void* library_;
  std::unique_ptr<Functions> call_;
  bool initialized_ = false;
};

}  // namespace gradwatt
