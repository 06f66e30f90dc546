#include "measure/dcmi.h"

#include <fmt/format.h>

namespace gradwatt {
namespace {

/// Completion code, group, four times two bytes of watts, a date and a time of four bytes each, and
/// the state.
constexpr std::size_t kAnswerSize = 19;
constexpr std::uint8_t kActive = 0x40;
constexpr unsigned kNoValue = 0xffff;

/// Completion codes of the IPMI specification 2.0, table 5-2.
DcmiFailure completion_failure(std::uint8_t code) {
  switch (code) {
    case 0xc0:
      return {"the management controller is busy"};
    case 0xc1:
    case 0xc2:
      return {"the management controller has no DCMI power reading", true};
    case 0xc3:
      return {"the management controller timed out"};
    case 0xd4:
      return {"the management controller refuses: insufficient privilege", true};
    case 0xd5:
    case 0xd6:
      return {"the management controller does not measure power now"};
    default:
      return {fmt::format("the management controller answers with code {:#04x}", code)};
  }
}

}  // namespace

std::variant<Power, DcmiFailure> parse_dcmi_power(std::span<const std::uint8_t> answer) {
  if (answer.empty()) {
    return DcmiFailure{"an empty answer"};
  }
  if (answer[0] != 0) {
    return completion_failure(answer[0]);
  }
  if (answer.size() < kAnswerSize) {
    return DcmiFailure{fmt::format("an answer of {} bytes, not {}", answer.size(), kAnswerSize)};
  }
  if (answer[1] != DcmiPowerRequest::kData[0]) {
    return DcmiFailure{"an answer to another question"};
  }
  if ((answer[18] & kActive) == 0) {
    return DcmiFailure{"the management controller does not measure power now"};
  }
  const unsigned watts = answer[2] | (static_cast<unsigned>(answer[3]) << 8);
  if (watts == 0 || watts == kNoValue) {
    return DcmiFailure{fmt::format("{} W: no value", watts)};
  }
  return Power{static_cast<double>(watts)};
}

}  // namespace gradwatt
