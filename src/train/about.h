#pragma once

#include <string>

namespace gradwatt {

/// What `gradwatt-train --about` prints, for `gradwatt doctor`: KEY=VALUE lines with the versions
/// of this program and libtorch, the BLAS, the devices to compute on ("cpu,cuda"), the threads and
/// how fast matrix products are with them (matmul_gflops: 2 n^3 operations over the shortest of
/// five times, n = 768, float32).
[[nodiscard]] std::string about_text(int threads);

}  // namespace gradwatt
