#include "data/hdf5_api.h"

#include "base/error.h"

#include <fmt/format.h>

#include <dlfcn.h>

namespace gradwatt {
namespace {

constexpr const char* kInstallHdf5 = "install HDF5's C library, Debian's libhdf5-dev";

void* hdf5_symbol(void* library, const char* name) {
  void* const symbol = ::dlsym(library, name);
  if (symbol == nullptr) {
    throw Error(fmt::format("has no {}", name), GRADWATT_HDF5_LIBRARY, kInstallHdf5);
  }
  return symbol;
}

Hdf5Api opened_hdf5() {
  void* const library = ::dlopen(GRADWATT_HDF5_LIBRARY, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    throw Error(
        fmt::format("cannot be opened: {}", ::dlerror()), GRADWATT_HDF5_LIBRARY, kInstallHdf5);
  }
  Hdf5Api api;
#define GRADWATT_HDF5_LOAD(name) \
  api.name = reinterpret_cast<decltype(api.name)>(hdf5_symbol(library, #name));
  GRADWATT_HDF5_FUNCTIONS(GRADWATT_HDF5_LOAD)
#undef GRADWATT_HDF5_LOAD
  // What could not be written because a disk is full is tried again at exit, and crashes there.
  api.H5dont_atexit();
  api.H5open();  // fills the variables
  const auto variable = [&](const char* name) {
    return *static_cast<const hid_t*>(hdf5_symbol(library, name));
  };
  api.float32_le = variable("H5T_IEEE_F32LE_g");
  api.float64_le = variable("H5T_IEEE_F64LE_g");
  api.native_float = variable("H5T_NATIVE_FLOAT_g");
  api.dataset_create = variable("H5P_CLS_DATASET_CREATE_ID_g");
  return api;
}

}  // namespace

const Hdf5Api& hdf5() {
  static const Hdf5Api api = opened_hdf5();
  return api;
}

}  // namespace gradwatt
