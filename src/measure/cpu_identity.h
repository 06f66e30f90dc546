#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace gradwatt {

/// Which CPU this is, from /proc/cpuinfo.
struct CpuIdentity {
  std::string vendor;  ///< "GenuineIntel", "AuthenticAMD"; empty on other architectures.
  std::string model_name;
  std::optional<int> family;
  std::optional<int> model;
  std::optional<int> stepping;
  int logical_cpus = 0;  ///< 0: /proc/cpuinfo was not readable.

  [[nodiscard]] bool is_amd() const { return vendor == "AuthenticAMD"; }
  [[nodiscard]] bool is_intel_server() const {
    return vendor == "GenuineIntel" && model_name.find("Xeon") != std::string::npos;
  }
};

[[nodiscard]] CpuIdentity identify_cpu(const std::filesystem::path& sysroot);

}  // namespace gradwatt
