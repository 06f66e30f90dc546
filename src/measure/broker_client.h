#pragma once

#include "base/unique_fd.h"

#include <filesystem>
#include <string>
#include <vector>

namespace gradwatt {

/// What gradwatt-broker, the privileged helper, says when asked for the energy counters.
struct BrokerAnswer {
  enum class Kind {
    absent,   ///< No broker listens.
    refused,  ///< It does not serve this user.
    failed,   ///< It does not answer as it should.
    served,
  };
  struct File {
    std::string zone;  ///< "intel-rapl:0:1"
    UniqueFd energy;   ///< Its energy_uj, open for reading.
  };
  Kind kind = Kind::absent;
  std::string detail;  ///< What went wrong, for people.
  std::vector<File> files;
};

/// $GRADWATT_BROKER, else /run/gradwatt-broker.sock below `sysroot`.
[[nodiscard]] std::filesystem::path broker_socket(const std::filesystem::path& sysroot);

/// Asks; waits at most two seconds. Never throws for a broker that is absent or broken.
[[nodiscard]] BrokerAnswer ask_broker(const std::filesystem::path& socket);

}  // namespace gradwatt
