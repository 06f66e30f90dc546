#pragma once

#include "base/unique_fd.h"
#include "data/hdf5_file.h"
#include "data/hdf5_handle.h"

namespace gradwatt {

/// What Hdf5File holds open; used under hdf5_mutex(), but for `bytes`.
struct Hdf5File::Library {
  UniqueFd bytes;  ///< The file itself, for reads beside the library.
  Hdf5Handle file;
  Hdf5Handle fields;
};

/// One read.
struct Hdf5File::Wanted {
  std::int64_t first = 0;
  std::int64_t count = 0;
  const FieldSelection& selection;
  std::span<float> out;
};

}  // namespace gradwatt
