#pragma once

#include "base/unique_fd.h"

#include <cstdint>
#include <span>

namespace gradwatt {

/// The system calls behind perf events, so that tests own the counters.
class PerfEvents {
 public:
  struct Opened {
    UniqueFd fd;          ///< None: it could not be opened,
    int errno_value = 0;  ///< and why.
  };
  virtual ~PerfEvents() = default;
  /// Opens event `config` of the unit `type`, counting everything on `cpu`, in the group of
  /// `leader`; -1 begins a group. A read of the leader gives the number of events, then each value.
  [[nodiscard]] virtual Opened open(std::uint32_t type,
                                    std::uint64_t config,
                                    int cpu,
                                    int leader) noexcept = 0;
  /// Reads a whole group into `values`. Returns 0 or an errno; EIO when it gave fewer.
  [[nodiscard]] virtual int read(int leader, std::span<std::uint64_t> values) noexcept = 0;
};

/// Those of this machine's kernel.
[[nodiscard]] PerfEvents& kernel_perf_events();

}  // namespace gradwatt
