#include "experiment/point_key.h"

#include <fmt/format.h>

#include <cstdint>

namespace gradwatt {
namespace {

__extension__ using Wide = unsigned __int128;

/// Each text with its length in front, so that no two lists of texts read the same.
void append(std::string& bytes, std::string_view text) {
  bytes += fmt::format("{}:{};", text.size(), text);
}

}  // namespace

std::string fnv1a_128(std::string_view bytes) {
  constexpr Wide kOffsetBasis = (Wide{0x6c62272e07bb0142} << 64U) | Wide{0x62b821756295c58d};
  constexpr Wide kPrime = (Wide{1} << 88U) | Wide{0x13b};
  Wide hash = kOffsetBasis;
  for (const char byte : bytes) {
    hash ^= static_cast<unsigned char>(byte);
    hash *= kPrime;
  }
  return fmt::format(
      "{:016x}{:016x}", static_cast<std::uint64_t>(hash >> 64U), static_cast<std::uint64_t>(hash));
}

std::string point_key(const SweepFile& file, const std::vector<Factor>& cell, int repeat) {
  std::string bytes;
  append(bytes, file.workload.empty() ? "command" : "workload");
  append(bytes, file.workload.empty() ? std::to_string(file.command.size()) : file.workload);
  for (const std::string& element : file.command) {
    append(bytes, element);
  }
  for (const auto& [name, value] : values_of(file, cell, repeat)) {
    append(bytes, name);
    append(bytes, value);
  }
  return fnv1a_128(bytes);
}

}  // namespace gradwatt
