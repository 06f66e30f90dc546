#pragma once

#include "broker/peer.h"

namespace gradwatt {

/// The socket that systemd has bound and handed over (LISTEN_FDS, LISTEN_PID), or -1.
[[nodiscard]] int inherited_socket();

struct Bound {
  int socket = -1;
  const char* failure = nullptr;  ///< What failed; errno says why.
};

/// Binds `path` for its owner and, where there is one, the trusted group: mode 0660 from its first
/// moment on. A socket that nobody listens on any more is replaced, one in use is not.
[[nodiscard]] Bound bind_socket(const char* path, const Trusted& trusted);

}  // namespace gradwatt
