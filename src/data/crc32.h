#pragma once

#include <cstdint>
#include <string_view>

namespace gradwatt {

/// The CRC-32 of zlib over bytes of any length. `before`: that of the bytes in front of them.
/// Example   "123456789": 0xcbf43926; of "56789" with that of "1234" before, the same.
[[nodiscard]] std::uint32_t crc32_of(std::string_view bytes, std::uint32_t before = 0);

}  // namespace gradwatt
