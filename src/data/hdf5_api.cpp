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

template <typename Function>
void load_symbol(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(hdf5_symbol(library, name));
}

void load_functions(void* library, Hdf5Api& api) {
  load_symbol(library, "H5dont_atexit", api.H5dont_atexit);
  load_symbol(library, "H5open", api.H5open);
  load_symbol(library, "H5Eset_auto2", api.H5Eset_auto2);
  load_symbol(library, "H5Ewalk2", api.H5Ewalk2);
  load_symbol(library, "H5Fis_hdf5", api.H5Fis_hdf5);
  load_symbol(library, "H5Fopen", api.H5Fopen);
  load_symbol(library, "H5Fclose", api.H5Fclose);
  load_symbol(library, "H5Fcreate", api.H5Fcreate);
  load_symbol(library, "H5Fflush", api.H5Fflush);
  load_symbol(library, "H5Fget_filesize", api.H5Fget_filesize);
  load_symbol(library, "H5Dopen2", api.H5Dopen2);
  load_symbol(library, "H5Dclose", api.H5Dclose);
  load_symbol(library, "H5Dcreate2", api.H5Dcreate2);
  load_symbol(library, "H5Dread", api.H5Dread);
  load_symbol(library, "H5Dwrite", api.H5Dwrite);
  load_symbol(library, "H5Dget_type", api.H5Dget_type);
  load_symbol(library, "H5Dget_space", api.H5Dget_space);
  load_symbol(library, "H5Dget_create_plist", api.H5Dget_create_plist);
  load_symbol(library, "H5Dget_offset", api.H5Dget_offset);
  load_symbol(library, "H5Dget_chunk_storage_size", api.H5Dget_chunk_storage_size);
  load_symbol(library, "H5Dread_chunk", api.H5Dread_chunk);
  load_symbol(library, "H5Tequal", api.H5Tequal);
  load_symbol(library, "H5Tclose", api.H5Tclose);
  load_symbol(library, "H5Sget_simple_extent_ndims", api.H5Sget_simple_extent_ndims);
  load_symbol(library, "H5Sget_simple_extent_dims", api.H5Sget_simple_extent_dims);
  load_symbol(library, "H5Screate_simple", api.H5Screate_simple);
  load_symbol(library, "H5Sselect_hyperslab", api.H5Sselect_hyperslab);
  load_symbol(library, "H5Sclose", api.H5Sclose);
  load_symbol(library, "H5Pcreate", api.H5Pcreate);
  load_symbol(library, "H5Pclose", api.H5Pclose);
  load_symbol(library, "H5Pget_layout", api.H5Pget_layout);
  load_symbol(library, "H5Pget_chunk", api.H5Pget_chunk);
  load_symbol(library, "H5Pget_external_count", api.H5Pget_external_count);
  load_symbol(library, "H5Pget_nfilters", api.H5Pget_nfilters);
  load_symbol(library, "H5Pget_filter2", api.H5Pget_filter2);
  load_symbol(library, "H5Pset_chunk", api.H5Pset_chunk);
  load_symbol(library, "H5Pset_shuffle", api.H5Pset_shuffle);
  load_symbol(library, "H5Pset_deflate", api.H5Pset_deflate);
  load_symbol(library, "H5Pset_fletcher32", api.H5Pset_fletcher32);
}

Hdf5Api opened_hdf5() {
  void* const library = ::dlopen(GRADWATT_HDF5_LIBRARY, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    throw Error(
        fmt::format("cannot be opened: {}", ::dlerror()), GRADWATT_HDF5_LIBRARY, kInstallHdf5);
  }
  Hdf5Api api;
  load_functions(library, api);
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
