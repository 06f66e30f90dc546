#pragma once

#include "broker/broker_message.h"

#include <array>
#include <cstdint>

namespace gradwatt {

/// The energy counters of a machine, open for reading only. Never closed: the broker's life is
/// short.
struct EnergyFiles {
  std::array<int, BrokerMessage::kMostFiles> descriptors{};
  std::array<BrokerMessage::File, BrokerMessage::kMostFiles> names{};
  std::uint32_t count = 0;
};

/// Opens energy_uj in every folder intel-rapl* of `root`/sys/class/powercap. No other name, no
/// symbolic link instead of the file, nothing but regular files.
[[nodiscard]] EnergyFiles open_energy_files(const char* root);

}  // namespace gradwatt
