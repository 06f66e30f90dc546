#pragma once

#include <cstdint>
#include <vector>

namespace gradwatt {

/// A management controller's answer: `watts` now; 120 W, 410 W and 262 W at least, at most and on
/// average; the measurement is active.
inline std::vector<std::uint8_t> dcmi_answer(int watts) {
  std::vector<std::uint8_t> bytes{0x00, 0xdc};
  bytes.push_back(static_cast<std::uint8_t>(watts & 0xff));
  bytes.push_back(static_cast<std::uint8_t>(watts >> 8));
  for (const int byte : {0x78, 0x00, 0x9a, 0x01, 0x06, 0x01, 0x10, 0x2a, 0x6b, 0x65, 0x58, 0x1b}) {
    bytes.push_back(static_cast<std::uint8_t>(byte));
  }
  bytes.insert(bytes.end(), {0x00, 0x00, 0x40});
  return bytes;
}

}  // namespace gradwatt
