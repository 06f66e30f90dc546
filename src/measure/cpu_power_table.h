#pragma once

#include "measure/cpu_identity.h"

#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// One generation of CPUs: watts of a whole server per hardware thread.
struct CpuPowerRow {
  std::string vendor;
  int family = 0;
  std::vector<int> models;
  std::vector<int> steppings;  ///< Empty: any.
  std::string generation;
  double idle_w = 0;
  double full_w = 0;
  std::string source;
};

/// The table that is built in (sources/cpu_power.csv), or another of the same form. Throws Error
/// naming the line that cannot be read.
[[nodiscard]] std::vector<CpuPowerRow> parse_cpu_power_table(std::string_view csv);
[[nodiscard]] const std::vector<CpuPowerRow>& cpu_power_table();

/// Watts per hardware thread, with the relative error that the way of finding them leaves.
struct ThreadPower {
  double idle_w = 0;
  double full_w = 0;
  double gain_lo = 0;
  double gain_hi = 0;
  std::string basis;
};

/// The power of a CPU by its generation. One that the table does not list gets the middle of its
/// vendor's rows (of all rows for an unknown vendor) and an interval that spans all of them.
///
/// A generation's row is ±50 %: linear models from such tables were 23 to 93 % off on CPUs of one
/// known model; see docs/measurement.md.
[[nodiscard]] ThreadPower thread_power(const CpuIdentity& cpu,
                                       const std::vector<CpuPowerRow>& table);

}  // namespace gradwatt
