#include "train/about.h"

#include "train/compat.h"
#include "train/tensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace gradwatt {
namespace {

constexpr int kSize = 768;
constexpr int kTries = 5;

double matmul_gflops() {
  const at::Tensor left = at::ones({kSize, kSize});
  const at::Tensor right = at::ones({kSize, kSize});
  at::matmul(left, right);  // Starts the threads.
  double shortest_s = 1e9;
  for (int attempt = 0; attempt < kTries; ++attempt) {
    const auto begin = std::chrono::steady_clock::now();
    at::matmul(left, right);
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
    shortest_s = std::min(shortest_s, elapsed.count());
  }
  return 2.0 * kSize * kSize * kSize / shortest_s * 1e-9;
}

}  // namespace

std::string about_text(int threads) {
  set_threads(threads, threads);
  const std::string devices =
      std::string("cpu") + (has_device("cuda") ? ",cuda" : "") + (has_device("mps") ? ",mps" : "");
  return fmt::format(
      "gradwatt-train={}\nlibtorch={}\nblas={}\ndevices={}\nthreads={}\nmatmul_gflops={:.1f}\n",
      GRADWATT_VERSION,
      libtorch_version(),
      blas_name(),
      devices,
      threads,
      matmul_gflops());
}

}  // namespace gradwatt
