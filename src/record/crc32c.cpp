#include "record/crc32c.h"

#include <array>

namespace gradwatt {
namespace {

constexpr std::uint32_t kPolynomial = 0x82f63b78;  // Its bits in reverse order.
constexpr std::size_t kSlices = 8;

using Table = std::array<std::array<std::uint32_t, 256>, kSlices>;

/// [s][b]: what byte b does to the remainder when s more bytes follow it.
constexpr Table make_table() {
  Table table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t remainder = byte;
    for (int bit = 0; bit < 8; ++bit) {
      remainder = (remainder >> 1U) ^ ((remainder & 1U) != 0 ? kPolynomial : 0);
    }
    table[0][byte] = remainder;
  }
  for (std::size_t slice = 1; slice < kSlices; ++slice) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t shorter = table[slice - 1][byte];
      table[slice][byte] = (shorter >> 8U) ^ table[0][shorter & 0xffU];
    }
  }
  return table;
}

constexpr Table kTable = make_table();

std::uint32_t byte_at(std::string_view bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes, std::uint32_t before) {
  std::uint32_t crc = ~before;
  // Eight bytes at a time: reading whole files would otherwise spend half its time here.
  for (; bytes.size() >= kSlices; bytes.remove_prefix(kSlices)) {
    std::uint32_t next = 0;
    for (std::size_t i = 0; i < kSlices; ++i) {
      const std::uint32_t mixed = byte_at(bytes, i) ^ (i < 4 ? (crc >> (8U * i)) & 0xffU : 0);
      next ^= kTable[kSlices - 1 - i][mixed];
    }
    crc = next;
  }
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    crc = (crc >> 8U) ^ kTable[0][(crc ^ byte_at(bytes, i)) & 0xffU];
  }
  return ~crc;
}

}  // namespace gradwatt
