#pragma once

/// What differs between libtorch 1.13 and 2.x, and nothing else. For .cpp files alone.

#include "train/tensors.h"

#include <ATen/autocast_mode.h>
#include <torch/version.h>

#define GRADWATT_TORCH_SINCE(major, minor) \
  (TORCH_VERSION_MAJOR > (major) ||        \
   (TORCH_VERSION_MAJOR == (major) && TORCH_VERSION_MINOR >= (minor)))

namespace gradwatt {

inline void set_autocast(bool on, bool cpu, at::ScalarType type) {
#if GRADWATT_TORCH_SINCE(2, 4)
  const auto device = cpu ? at::kCPU : at::kCUDA;
  at::autocast::set_autocast_enabled(device, on);
  at::autocast::set_autocast_dtype(device, type);
#else
  if (cpu) {
    at::autocast::set_cpu_enabled(on);
    at::autocast::set_autocast_cpu_dtype(type);
  } else {
    at::autocast::set_enabled(on);
    at::autocast::set_autocast_gpu_dtype(type);
  }
#endif
}

}  // namespace gradwatt
