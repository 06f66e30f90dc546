#pragma once

#include <hdf5.h>

namespace gradwatt {

/// What is used of the HDF5 library: its functions under their own names, and those of its
/// constants that are variables.
///
/// The library brings thirty others with it (curl, OpenSSL, Kerberos), so it is opened when the
/// first file is, and costs nothing to programs that read none.
struct Hdf5Api {
  // Named as the library names them.
  // NOLINTBEGIN(readability-identifier-naming)
  decltype(&::H5dont_atexit) H5dont_atexit = nullptr;
  decltype(&::H5open) H5open = nullptr;
  decltype(&::H5Eset_auto2) H5Eset_auto2 = nullptr;
  decltype(&::H5Ewalk2) H5Ewalk2 = nullptr;
  decltype(&::H5Fis_hdf5) H5Fis_hdf5 = nullptr;
  decltype(&::H5Fopen) H5Fopen = nullptr;
  decltype(&::H5Fclose) H5Fclose = nullptr;
  decltype(&::H5Fcreate) H5Fcreate = nullptr;
  decltype(&::H5Fflush) H5Fflush = nullptr;
  decltype(&::H5Fget_filesize) H5Fget_filesize = nullptr;
  decltype(&::H5Dopen2) H5Dopen2 = nullptr;
  decltype(&::H5Dclose) H5Dclose = nullptr;
  decltype(&::H5Dcreate2) H5Dcreate2 = nullptr;
  decltype(&::H5Dread) H5Dread = nullptr;
  decltype(&::H5Dwrite) H5Dwrite = nullptr;
  decltype(&::H5Dget_type) H5Dget_type = nullptr;
  decltype(&::H5Dget_space) H5Dget_space = nullptr;
  decltype(&::H5Dget_create_plist) H5Dget_create_plist = nullptr;
  decltype(&::H5Dget_offset) H5Dget_offset = nullptr;
  decltype(&::H5Dget_chunk_storage_size) H5Dget_chunk_storage_size = nullptr;
  decltype(&::H5Dread_chunk) H5Dread_chunk = nullptr;
  decltype(&::H5Tequal) H5Tequal = nullptr;
  decltype(&::H5Tclose) H5Tclose = nullptr;
  decltype(&::H5Sget_simple_extent_ndims) H5Sget_simple_extent_ndims = nullptr;
  decltype(&::H5Sget_simple_extent_dims) H5Sget_simple_extent_dims = nullptr;
  decltype(&::H5Screate_simple) H5Screate_simple = nullptr;
  decltype(&::H5Sselect_hyperslab) H5Sselect_hyperslab = nullptr;
  decltype(&::H5Sclose) H5Sclose = nullptr;
  decltype(&::H5Pcreate) H5Pcreate = nullptr;
  decltype(&::H5Pclose) H5Pclose = nullptr;
  decltype(&::H5Pget_layout) H5Pget_layout = nullptr;
  decltype(&::H5Pget_chunk) H5Pget_chunk = nullptr;
  decltype(&::H5Pget_external_count) H5Pget_external_count = nullptr;
  decltype(&::H5Pget_nfilters) H5Pget_nfilters = nullptr;
  decltype(&::H5Pget_filter2) H5Pget_filter2 = nullptr;
  decltype(&::H5Pset_chunk) H5Pset_chunk = nullptr;
  decltype(&::H5Pset_shuffle) H5Pset_shuffle = nullptr;
  decltype(&::H5Pset_deflate) H5Pset_deflate = nullptr;
  decltype(&::H5Pset_fletcher32) H5Pset_fletcher32 = nullptr;
  // NOLINTEND(readability-identifier-naming)

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
