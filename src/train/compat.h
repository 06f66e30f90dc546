#pragma once

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

}  // namespace gradwatt
