#pragma once

#include <array>
#include <cstddef>
#include <string>

namespace gradwatt {

/// What is needed of NCCL and of the CUDA runtime, as their documentation declares it. They are
/// opened when they are asked for, so that no build needs their headers and no CPU needs the files.
/// Source    NCCL's user guide, "API"; CUDA runtime API, "Stream" and "Event Management".
struct NcclId {
  std::array<char, 128> bytes{};
};
using NcclHandle = void*;
using CudaStream = void*;
using CudaEvent = void*;

enum class NcclType : int { uint8 = 1, int64 = 4, float32 = 7, float64 = 8 };

struct NcclLibrary {
  /// Opens libnccl.so.2 (or $GRADWATT_NCCL_LIB) and libcudart (or $GRADWATT_CUDART_LIB).
  /// Throws Error naming the file or the function that is missing.
  NcclLibrary();

  int (*get_unique_id)(NcclId*) = nullptr;
  int (*init_rank)(NcclHandle*, int ranks, NcclId, int rank) = nullptr;
  int (*all_reduce)(const void*, void*, std::size_t, int type, int op, NcclHandle, CudaStream) =
      nullptr;
  int (*broadcast)(const void*, void*, std::size_t, int type, int root, NcclHandle, CudaStream) =
      nullptr;
  int (*async_error)(NcclHandle, int*) = nullptr;
  int (*abort)(NcclHandle) = nullptr;
  int (*destroy)(NcclHandle) = nullptr;
  const char* (*nccl_text)(int) = nullptr;

  int (*create_stream)(CudaStream*, unsigned flags) = nullptr;
  int (*create_event)(CudaEvent*, unsigned flags) = nullptr;
  int (*record_event)(CudaEvent, CudaStream) = nullptr;
  int (*wait_event)(CudaStream, CudaEvent, unsigned flags) = nullptr;
  int (*query_event)(CudaEvent) = nullptr;
  int (*destroy_event)(CudaEvent) = nullptr;
  int (*destroy_stream)(CudaStream) = nullptr;
  const char* (*cuda_text)(int) = nullptr;

  /// Throw Error with the library's own text unless `status` is 0.
  void check_nccl(int status, const char* call) const;
  void check_cuda(int status, const char* call) const;
};

}  // namespace gradwatt
