#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gradwatt {

/// The CRC-32C (Castagnoli) of `bytes`, going on from that of what came before them. It finds every
/// flipped bit and every run of damage up to 32 bits long.
///
/// Source    RFC 3720, appendix B.4, for the polynomial and the examples.
/// Example   "123456789": 0xe3069283; 32 zero bytes: 0x8a9136aa.
[[nodiscard]] std::uint32_t crc32c(std::string_view bytes, std::uint32_t before = 0);

}  // namespace gradwatt
