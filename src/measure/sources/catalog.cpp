#include "measure/sources/catalog.h"

#include <array>
#include <iterator>

namespace gradwatt {
namespace {

void add_measured_scopes(const PowerSource& source, std::vector<std::string>& scopes) {
  for (const ChannelInfo& channel : source.channels()) {
    if (channel.in_total) {
      scopes.push_back(channel.scope);
    }
  }
}

}  // namespace

std::span<const SourceFamily> source_families() {
  static const std::array kFamilies{
      nvml_family(),
      amd_gpu_family(),
      intel_gpu_family(),
      rapl_family(),
      cray_family(),
      grace_family(),
      jetson_family(),
      acpi_power_family(),
      ipmi_family(),
      apple_family(),
      cpu_model_family(),
  };
  return kFamilies;
}

Discovery discover_sources(const Machine& machine) {
  Discovery all;
  std::vector<std::string> measured_scopes;
  for (const SourceFamily& family : source_families()) {
    Discovery found = family.discover(machine, measured_scopes);
    for (const auto& source : found.sources) {
      add_measured_scopes(*source, measured_scopes);
    }
    std::move(found.sources.begin(), found.sources.end(), std::back_inserter(all.sources));
    std::move(found.findings.begin(), found.findings.end(), std::back_inserter(all.findings));
  }
  return all;
}

}  // namespace gradwatt
