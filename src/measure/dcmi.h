#pragma once

#include "units/energy.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <variant>

namespace gradwatt {

/// The question "how much power does this machine draw?" to its management controller, in the form
/// of the Data Center Manageability Interface. Source: DCMI specification 1.5, "Get Power Reading".
struct DcmiPowerRequest {
  static constexpr std::uint8_t kNetworkFunction = 0x2c;
  static constexpr std::uint8_t kCommand = 0x02;
  /// The group's number; system power statistics; two reserved bytes.
  static constexpr std::array<std::uint8_t, 4> kData{0xdc, 0x01, 0x00, 0x00};
};

/// Why there is no power in an answer.
struct DcmiFailure {
  std::string reason;
  bool for_good = false;  ///< Asking again will not help: the controller has no such command.
};

/// Reads the controller's answer, which begins with a completion code. The power is that of the
/// moment; the averages and extremes behind it are over times that controllers choose freely.
///
/// No power is: an answer that is cut off or of another group, a measurement that is not active,
/// and 0 or 65535 W: the machine that reads it is running.
/// Example: 00 dc fa 00 ... with bit 6 of its last byte set is 250 W.
[[nodiscard]] std::variant<Power, DcmiFailure> parse_dcmi_power(
    std::span<const std::uint8_t> answer);

}  // namespace gradwatt
