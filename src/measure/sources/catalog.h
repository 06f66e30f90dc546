#pragma once

#include "measure/source.h"

#include <span>

namespace gradwatt {

// One declaration per family; the table is in catalog.cpp.
SourceFamily nvml_family();
SourceFamily amd_gpu_family();
SourceFamily intel_gpu_family();
SourceFamily rapl_family();
SourceFamily cray_family();
SourceFamily grace_family();
SourceFamily jetson_family();
SourceFamily acpi_power_family();
SourceFamily ipmi_family();
SourceFamily apple_family();
SourceFamily cpu_model_family();

/// All families, best first: a later one leaves out what an earlier one measures.
[[nodiscard]] std::span<const SourceFamily> source_families();

/// Asks every family. The sources to read and everything worth telling about the others.
[[nodiscard]] Discovery discover_sources(const Machine& machine);

}  // namespace gradwatt
