#pragma once

#include "train/precision.h"

#include <exception>
#include <string>

namespace gradwatt {

/// What differs between BLAS libraries and devices is in compat.cpp alone; what differs between
/// libtorch versions is in torch_versions_tensors.h and c10d_tensors.h.

/// Sets the threads of libtorch's own loops and convolutions, and those of its matrix products.
///
/// They are two pools: OpenBLAS as packaged does not follow ATen's setting. Where a network's
/// matrix products are small the pools get into each other's way; then blas = 1 is faster.
void set_threads(int aten, int blas);

/// "1.13.0"
[[nodiscard]] std::string libtorch_version();

/// The BLAS that is loaded: "OpenBLAS 0.3.21 Zen", or the file's name for one that cannot say.
[[nodiscard]] std::string blas_name();

/// Whether this libtorch can compute on "cpu", "cuda" or "mps" here.
[[nodiscard]] bool has_device(const std::string& device);

/// Makes the device's number `index` the one that "cuda" means in this process.
void use_device(const std::string& device, int index);

/// How many of the device there are: GPUs, or 1.
[[nodiscard]] int device_count(const std::string& device);

/// Returns when all that was queued on the device is done; at once for a CPU.
void wait_for_device(const std::string& device);

/// Only algorithms that give the same bits each time.
void use_deterministic_algorithms();

/// While it lives, layers compute in `precision` on `device`. Casts of weights are forgotten at its
/// end, since the optimizer changes the weights.
class PrecisionGuard {
 public:
  PrecisionGuard(Precision precision, const std::string& device);
  ~PrecisionGuard();
  PrecisionGuard(const PrecisionGuard&) = delete;
  PrecisionGuard& operator=(const PrecisionGuard&) = delete;

 private:
  bool is_on_;
  bool on_cpu_;
};

/// Whether the device or the machine had no memory left.
[[nodiscard]] bool is_out_of_memory(const std::exception& error);

}  // namespace gradwatt
