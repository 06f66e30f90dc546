#pragma once

#include <array>
#include <cstdint>

namespace gradwatt {

/// What the broker sends to whoever connects, and all it ever says: one packet of fixed size on a
/// SOCK_SEQPACKET socket. It reads nothing.
struct BrokerMessage {
  static constexpr std::array<char, 8> kMagic{'g', 'w', 'b', 'r', 'o', 'k', 'e', '1'};
  static constexpr std::uint32_t kMostFiles = 64;

  enum class Status : std::uint32_t {
    served = 0,   ///< `count` descriptors come along.
    refused = 1,  ///< The peer is not in the group.
    nothing = 2,  ///< There is no energy file on this machine, or none could be opened.
  };
  struct File {
    /// The folder below /sys/class/powercap whose energy_uj this is, ended by a 0 byte.
    std::array<char, 32> zone;
  };

  std::array<char, 8> magic = kMagic;
  Status status = Status::served;
  std::uint32_t count = 0;
  std::array<File, kMostFiles> files{};
};
static_assert(sizeof(BrokerMessage) == 16 + 64 * 32, "the same on every machine");

}  // namespace gradwatt
