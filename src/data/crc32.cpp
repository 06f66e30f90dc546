#include "data/crc32.h"

#include <zlib.h>

namespace gradwatt {

std::uint32_t crc32_of(std::string_view bytes, std::uint32_t before) {
  uLong crc = before;
  while (!bytes.empty()) {
    // zlib takes 32 bits of the length at a time.
    const std::string_view piece = bytes.substr(0, std::size_t{1} << 30U);
    crc =
        ::crc32(crc, reinterpret_cast<const Bytef*>(piece.data()), static_cast<uInt>(piece.size()));
    bytes.remove_prefix(piece.size());
  }
  return static_cast<std::uint32_t>(crc);
}

}  // namespace gradwatt
