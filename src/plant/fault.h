#pragma once

#include "units/instant.h"

#include <span>
#include <string_view>

namespace gradwatt {

/// What goes wrong while something is measured, from `begin` on and where it lasts for `length`.
struct Fault {
  enum class Kind {
    none,
    failed_read,    ///< One reading fails.
    failed_reads,   ///< All readings in the stretch fail.
    wrap,           ///< Counters: the range is so small that it is passed every few seconds.
    reset,          ///< Counters: counts from 0 again.
    glitch,         ///< Counters: one reading shows a value that makes no sense.
    freeze,         ///< Counters: not renewed in the stretch, then catches up.
    freeze_losing,  ///< Counters: not renewed, and what was consumed is never shown.
    latency,        ///< Each reading in the stretch takes long.
    stall,          ///< Nothing is read in the stretch: the sampler was stopped.
    scale,          ///< A constant scale error within the stated bound.
    spike,          ///< Power sensors: one reading shows an impossible power.
    suspend,        ///< The machine was suspended at `begin`; counters begin anew.
  };
  Kind kind = Kind::none;
  Duration begin{};
  Duration length{};
};

struct NamedFault {
  const char* name = nullptr;
  Fault::Kind kind = Fault::Kind::none;
  const char* description = nullptr;
  bool of_counters = true;
  bool of_power_sensors = true;
  /// Leaves all the information that the sensor gives: intervals must not become wider.
  bool keeps_information = false;
};
[[nodiscard]] std::span<const NamedFault> named_faults();

/// Throws UsageError, with the known names, when there is no such fault.
[[nodiscard]] const NamedFault& fault_named(std::string_view name);

}  // namespace gradwatt
