#pragma once

#include <sys/types.h>

namespace gradwatt {

/// Who may have the counters besides root.
struct Trusted {
  uid_t owner = 0;  ///< Who started the broker.
  gid_t group = 0;  ///< Its members.
  bool has_group = false;
};

/// Whether the process that connected `socket` may. The kernel says who it was when it connected:
/// its user, its group and its further groups. No name service is asked.
[[nodiscard]] bool is_trusted(int socket, const Trusted& trusted);

}  // namespace gradwatt
