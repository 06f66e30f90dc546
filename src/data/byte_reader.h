#pragma once

#include "base/error.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace gradwatt {

/// Reads little-endian numbers one behind the other and never beyond the end.
/// Throws   Error naming `where` when fewer bytes are left than asked for.
/// Example  of the bytes 34 12 56: u16() is 0x1234, then left() is 1 and u16() throws.
class ByteReader {
 public:
  ByteReader(std::span<const std::uint8_t> bytes, std::string where)
      : bytes_(bytes), where_(std::move(where)) {}

  [[nodiscard]] std::size_t position() const { return position_; }
  [[nodiscard]] std::size_t left() const { return bytes_.size() - position_; }

  std::span<const std::uint8_t> take(std::uint64_t count) {
    if (count > left()) {
      throw Error("ends too early", where_, "the file is damaged; fetch or save it again");
    }
    const auto taken = bytes_.subspan(position_, static_cast<std::size_t>(count));
    position_ += taken.size();
    return taken;
  }
  std::string_view text(std::uint64_t count) {
    const auto taken = take(count);
    return {reinterpret_cast<const char*>(taken.data()), taken.size()};
  }
  std::uint8_t u8() { return take(1)[0]; }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  std::uint64_t u64() { return number(8); }

 private:
  std::uint64_t number(std::size_t count) {
    const auto taken = take(count);
    std::uint64_t value = 0;
    for (std::size_t i = count; i-- > 0;) {
      value = (value << 8U) | taken[i];
    }
    return value;
  }

  std::span<const std::uint8_t> bytes_;
  std::string where_;
  std::size_t position_ = 0;
};

}  // namespace gradwatt
