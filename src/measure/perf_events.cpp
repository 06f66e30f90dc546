#include "measure/perf_events.h"

#include <cerrno>
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace gradwatt {
namespace {

class KernelPerfEvents final : public PerfEvents {
 public:
  Opened open(std::uint32_t type, std::uint64_t config, int cpu, int leader) noexcept override {
    perf_event_attr attributes{};
    attributes.size = sizeof attributes;
    attributes.type = type;
    attributes.config = config;
    attributes.read_format = PERF_FORMAT_GROUP;
    const long fd =
        ::syscall(SYS_perf_event_open, &attributes, -1, cpu, leader, PERF_FLAG_FD_CLOEXEC);
    return fd >= 0 ? Opened{UniqueFd(static_cast<int>(fd)), 0} : Opened{UniqueFd(), errno};
  }

  int read(int leader, std::span<std::uint64_t> values) noexcept override {
    const ssize_t size = ::read(leader, values.data(), values.size_bytes());
    if (size < 0) {
      return errno;
    }
    return static_cast<std::size_t>(size) == values.size_bytes() ? 0 : EIO;
  }
};

}  // namespace

PerfEvents& kernel_perf_events() {
  static KernelPerfEvents events;
  return events;
}

}  // namespace gradwatt
