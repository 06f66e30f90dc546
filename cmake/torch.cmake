# libtorch as a plain imported target. find_package(Torch) is avoided: on CUDA builds its own
# configuration demands nvcc. Set GRADWATT_TORCH_ROOT for a wheel's or a zip's libtorch.
set(GRADWATT_TORCH_ROOT "" CACHE PATH "Folder that holds libtorch's include/ and lib/")
find_path(TORCH_INCLUDE_DIR torch/library.h
  HINTS ${GRADWATT_TORCH_ROOT}/include /usr/include REQUIRED)
find_path(TORCH_API_INCLUDE_DIR torch/torch.h
  HINTS ${TORCH_INCLUDE_DIR}/torch/csrc/api/include REQUIRED)
set(gradwatt_torch_link -Wl,--push-state,--no-as-needed)
foreach(name torch torch_cpu torch_cuda c10)
  find_library(TORCH_LIBRARY_${name} ${name} HINTS ${GRADWATT_TORCH_ROOT}/lib)
  if(TORCH_LIBRARY_${name})
    list(APPEND gradwatt_torch_link ${TORCH_LIBRARY_${name}})
  elseif(NOT name STREQUAL torch_cuda)
    message(FATAL_ERROR "lib${name}.so not found. Install libtorch-dev, or set "
      "GRADWATT_TORCH_ROOT, or build without training: -DGRADWATT_TORCH=OFF")
  endif()
endforeach()
list(APPEND gradwatt_torch_link -Wl,--pop-state)
add_library(gradwatt_torch INTERFACE)
target_include_directories(gradwatt_torch SYSTEM INTERFACE
  ${TORCH_INCLUDE_DIR} ${TORCH_API_INCLUDE_DIR})
target_link_libraries(gradwatt_torch INTERFACE ${gradwatt_torch_link} Threads::Threads)
