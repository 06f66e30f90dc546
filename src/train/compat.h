#pragma once

#include "train/precision.h"

#include <exception>
#include <string>

namespace gradwatt {

/// What differs between libtorch versions and between BLAS libraries is in compat.cpp alone.

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
