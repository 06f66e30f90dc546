#include "train/compat.h"

#include "train/torch_versions_tensors.h"

#include <ATen/Parallel.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <torch/cuda.h>

#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <filesystem>
#include <new>

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

bool has_device(const std::string& device) {
  if (device == "cuda") {
    return at::hasCUDA() && at::getNumGPUs() > 0;
  }
  if (device == "mps") {
    return at::hasMPS();
  }
  return device == "cpu";
}

void use_device(const std::string& device, int index) {
  if (device == "cuda") {
    const c10::impl::VirtualGuardImpl guard(c10::DeviceType::CUDA);
    guard.setDevice({c10::DeviceType::CUDA, static_cast<c10::DeviceIndex>(index)});
  }
}

int device_count(const std::string& device) {
  return device == "cuda" ? static_cast<int>(at::getNumGPUs()) : 1;
}

void wait_for_device(const std::string& device) {
  if (device == "cuda") {
    torch::cuda::synchronize();
  }
}

void use_deterministic_algorithms() {
  // cuBLAS reads it when it is first used.
  ::setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 0);
  at::globalContext().setDeterministicAlgorithms(true, false);
  at::globalContext().setDeterministicCuDNN(true);
  at::globalContext().setBenchmarkCuDNN(false);
}

PrecisionGuard::PrecisionGuard(Precision precision, const std::string& device)
    : is_on_(precision != Precision::fp32), on_cpu_(device == "cpu") {
  if (is_on_) {
    set_autocast(true, on_cpu_, precision == Precision::bf16 ? at::kBFloat16 : at::kHalf);
  }
}

PrecisionGuard::~PrecisionGuard() {
  if (is_on_) {
    at::autocast::clear_cache();
    set_autocast(false, on_cpu_, at::kBFloat16);
  }
}

bool is_out_of_memory(const std::exception& error) {
  if (dynamic_cast<const c10::OutOfMemoryError*>(&error) != nullptr ||
      dynamic_cast<const std::bad_alloc*>(&error) != nullptr) {
    return true;
  }
  // The CPU's allocator has no error of its own.
  return std::strstr(error.what(), "DefaultCPUAllocator: can't allocate memory") != nullptr ||
         std::strstr(error.what(), "DefaultCPUAllocator: not enough memory") != nullptr;
}

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
