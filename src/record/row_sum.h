#pragma once

#include "record/crc32c.h"

#include <bit>
#include <cstdint>
#include <string_view>

namespace gradwatt {

/// The checksum of one row, value after value. SQLite checks its own structure and not what is in
/// it: a flipped bit in a number would be another number.
class RowSum {
 public:
  RowSum& add(std::int64_t value) { return add_tagged('i', static_cast<std::uint64_t>(value)); }
  RowSum& add(double value) { return add_tagged('r', std::bit_cast<std::uint64_t>(value)); }
  RowSum& add(std::string_view text) { return add_tagged('t', text.size()).add_bytes(text); }
  RowSum& add_null() { return add_bytes("n"); }

  [[nodiscard]] std::uint32_t value() const { return crc_; }

 private:
  RowSum& add_bytes(std::string_view bytes) {
    crc_ = crc32c(bytes, crc_);
    return *this;
  }
  RowSum& add_tagged(char type, std::uint64_t value) {
    char bytes[9] = {type};
    for (unsigned i = 0; i < 8; ++i) {
      bytes[i + 1] = static_cast<char>(value >> (8U * i));
    }
    return add_bytes({bytes, sizeof(bytes)});
  }

  std::uint32_t crc_ = 0;
};

}  // namespace gradwatt
