#pragma once

#include "measure/source.h"

#include <optional>
#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace gradwatt {

/// Flags that say what this machine is, shared by the verbs that measure.
struct MeasuringFlags {
  std::string cpu_watts;  ///< "IDLE:FULL"

  void declare(CLI::App& app);
  /// Throws UsageError for watts that are none.
  [[nodiscard]] std::optional<Machine::KnownPower> known_power() const;
};

/// $GRADWATT_SYSROOT, else "/".
[[nodiscard]] std::filesystem::path sysroot();

/// "100ms", "2s", "1.5 s", "5min". Throws UsageError naming `flag`.
[[nodiscard]] Duration duration_flag(std::string_view text, std::string_view flag);

}  // namespace gradwatt
