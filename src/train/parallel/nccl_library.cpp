#include "train/parallel/nccl_library.h"

#include "base/error.h"

#include <fmt/format.h>

#include <cstdlib>
#include <dlfcn.h>
#include <vector>

namespace gradwatt {
namespace {

/// An open library; never closed, for its functions are used until the end.
struct OpenLibrary {
  std::string name;
  void* handle = nullptr;

  template <typename Function>
  void find(const char* symbol, Function*& function) const {
    function = reinterpret_cast<Function*>(::dlsym(handle, symbol));
    if (function == nullptr) {
      throw Error(fmt::format("has no {}", symbol), name, "a newer version of it is needed");
    }
  }
};

OpenLibrary open_first(const char* variable, std::vector<std::string> names) {
  if (const char* own = std::getenv(variable); own != nullptr && *own != '\0') {
    names = {own};
  }
  std::string why;
  for (const std::string& name : names) {
    if (void* handle = ::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL)) {
      return {name, handle};
    }
    why = ::dlerror();
  }
  throw Error(fmt::format("cannot be opened: {}", why),
              names.front(),
              fmt::format("install it, name it in {}, or add --comm gloo", variable));
}

}  // namespace

NcclLibrary::NcclLibrary() {
  const OpenLibrary nccl = open_first("GRADWATT_NCCL_LIB", {"libnccl.so.2", "libnccl.so"});
  nccl.find("ncclGetUniqueId", get_unique_id);
  nccl.find("ncclCommInitRank", init_rank);
  nccl.find("ncclAllReduce", all_reduce);
  nccl.find("ncclBroadcast", broadcast);
  nccl.find("ncclCommGetAsyncError", async_error);
  nccl.find("ncclCommAbort", abort);
  nccl.find("ncclCommDestroy", destroy);
  nccl.find("ncclGetErrorString", nccl_text);
  const OpenLibrary cuda = open_first("GRADWATT_CUDART_LIB",
                                      {"libcudart.so.13", "libcudart.so.12", "libcudart.so.11.0"});
  cuda.find("cudaStreamCreateWithFlags", create_stream);
  cuda.find("cudaEventCreateWithFlags", create_event);
  cuda.find("cudaEventRecord", record_event);
  cuda.find("cudaStreamWaitEvent", wait_event);
  cuda.find("cudaEventQuery", query_event);
  cuda.find("cudaEventDestroy", destroy_event);
  cuda.find("cudaStreamDestroy", destroy_stream);
  cuda.find("cudaGetErrorString", cuda_text);
}

void NcclLibrary::check_nccl(int status, const char* call) const {
  if (status != 0) {
    throw Error(fmt::format("{}: {}", call, nccl_text(status)),
                "NCCL",
                "NCCL_DEBUG=INFO says more; --comm gloo does without it");
  }
}

void NcclLibrary::check_cuda(int status, const char* call) const {
  if (status != 0) {
    throw Error(fmt::format("{}: {}", call, cuda_text(status)), "CUDA", "nvidia-smi says more");
  }
}

}  // namespace gradwatt
