#pragma once

/// torch's own transport between processes, for .cpp files alone, alike for libtorch 1.13 and 2.x.

#include "train/torch_versions_tensors.h"

#define USE_C10D_GLOO
#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

namespace gradwatt {

#if GRADWATT_TORCH_SINCE(2, 0)
using C10dBackend = c10d::Backend;
#else
using C10dBackend = c10d::ProcessGroup;
#endif

/// The store behind a Meeting.
struct MeetingStore {
  c10::intrusive_ptr<c10d::Store> c10d;
};

inline c10d::TCPStoreOptions plain_tcp_options() {
  c10d::TCPStoreOptions options;
#if GRADWATT_TORCH_SINCE(2, 3)
  // Packages may be built without libuv, and then refuse its use, which is the default.
  options.useLibUV = false;
#endif
  return options;
}

}  // namespace gradwatt
