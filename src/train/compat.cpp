#include "train/compat.h"

#include <ATen/Parallel.h>
#include <torch/version.h>

#include <dlfcn.h>
#include <filesystem>

namespace gradwatt {
namespace {

/// A function of a library that may or may not be loaded.
template <typename Function>
Function* loaded_function(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_DEFAULT, name));
}

}  // namespace

void set_threads(int aten, int blas) {
  at::set_num_threads(aten);
  if (auto* set = loaded_function<void(int)>("openblas_set_num_threads")) {
    set(blas);
  }
}

std::string libtorch_version() { return TORCH_VERSION; }

std::string blas_name() {
  if (auto* config = loaded_function<char*()>("openblas_get_config")) {
    // "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH NO_AFFINITY Zen MAX_THREADS=64"
    const std::string text = config();
    const auto second = text.find(' ', text.find(' ') + 1);
    auto* core = loaded_function<char*()>("openblas_get_corename");
    return text.substr(0, second) + (core != nullptr ? std::string(" ") + core() : "");
  }
  Dl_info info{};
  if (void* product = ::dlsym(RTLD_DEFAULT, "sgemm_");
      product != nullptr && ::dladdr(product, &info) != 0) {
    return std::filesystem::path(info.dli_fname).filename().string();
  }
  return "inside libtorch";
}

}  // namespace gradwatt
