#pragma once

#include "data/hdf5_file.h"

#include <filesystem>
#include <vector>

namespace gradwatt {

/// What inputs are normalised with, and the climatology that anomalies are measured from; for the
/// channels and rows of a selection.
struct Era5Statistics {
  std::vector<float> mean;       ///< [channels]
  std::vector<float> deviation;  ///< [channels], above 0
  std::vector<float> time_mean;  ///< [channels, rows, width], in the fields' units
};

/// Reads root/stats/global_means.npy, global_stds.npy and time_means.npy.
/// Takes     the shape of the set's files, and channels and rows that are in it.
/// Throws    Error naming the file that is not there, damaged, of another shape, or whose
///           deviations are not above 0.
[[nodiscard]] Era5Statistics read_era5_statistics(const std::filesystem::path& root,
                                                  const FieldShape& shape,
                                                  const FieldSelection& selection);

}  // namespace gradwatt
