#pragma once

#include <hdf5.h>

namespace gradwatt {

// What is used of the HDF5 library. It brings thirty others with it (curl, OpenSSL, Kerberos), so
// it is opened when the first file is, and costs nothing to programs that read none.
#define GRADWATT_HDF5_FUNCTIONS(X)                                                                 \
  X(H5dont_atexit)                                                                                 \
  X(H5open)                                                                                        \
  X(H5Eset_auto2) X(H5Ewalk2) X(H5Fis_hdf5) X(H5Fopen) X(H5Fclose) X(H5Fcreate) X(H5Fflush)        \
      X(H5Fget_filesize) X(H5Dopen2) X(H5Dclose) X(H5Dcreate2) X(H5Dread) X(H5Dwrite)              \
          X(H5Dget_type) X(H5Dget_space) X(H5Dget_create_plist) X(H5Dget_offset)                   \
              X(H5Dget_chunk_storage_size) X(H5Dread_chunk) X(H5Tequal) X(H5Tclose)                \
                  X(H5Sget_simple_extent_ndims) X(H5Sget_simple_extent_dims) X(H5Screate_simple)   \
                      X(H5Sselect_hyperslab) X(H5Sclose) X(H5Pcreate) X(H5Pclose) X(H5Pget_layout) \
                          X(H5Pget_chunk) X(H5Pget_external_count) X(H5Pget_nfilters)              \
                              X(H5Pget_filter2) X(H5Pset_chunk) X(H5Pset_shuffle)                  \
                                  X(H5Pset_deflate) X(H5Pset_fletcher32)

/// The library's functions under their own names, and those of its constants that are variables.
struct Hdf5Api {
#define GRADWATT_HDF5_MEMBER(name) decltype(&::name) name = nullptr;
  GRADWATT_HDF5_FUNCTIONS(GRADWATT_HDF5_MEMBER)
#undef GRADWATT_HDF5_MEMBER
  hid_t float32_le = H5I_INVALID_HID;      ///< H5T_IEEE_F32LE
  hid_t float64_le = H5I_INVALID_HID;      ///< H5T_IEEE_F64LE
  hid_t native_float = H5I_INVALID_HID;    ///< H5T_NATIVE_FLOAT
  hid_t dataset_create = H5I_INVALID_HID;  ///< H5P_DATASET_CREATE
};

/// H5F_ACC_RDONLY and H5F_ACC_TRUNC, whose macros would call into the library.
constexpr unsigned kHdf5ReadOnly = 0x0;
constexpr unsigned kHdf5Replace = 0x2;

/// Opens the library when it is first called. To be called under hdf5_mutex().
/// Throws Error that says which package to install when it is not there.
[[nodiscard]] const Hdf5Api& hdf5();

}  // namespace gradwatt
