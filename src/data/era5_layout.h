#pragma once

#include "data/hdf5_file.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// The files of ERA5 as FourCastNet publishes it: one a year, with 1460 times, six hours apart.
///
///   train/1979.h5 ... 2015.h5    to train on
///   test/2016.h5, 2017.h5        to validate on
///   out_of_sample/2018.h5        to test on
///   stats/global_means.npy, global_stds.npy [1,C,1,1], time_means.npy [1,C,H,W]
struct Era5Files {
  std::filesystem::path root;
  std::vector<std::filesystem::path> train;  ///< By name, as the others.
  std::vector<std::filesystem::path> validation;
  std::vector<std::filesystem::path> test;  ///< May be empty.
};

/// The files below `folder`, or below its era5/. `root` is empty when train/ with *.h5 is in
/// neither; looks at names only.
[[nodiscard]] Era5Files find_era5(const std::filesystem::path& folder);

/// As find_era5. Throws Error that says how to get the files when there are none to train on or to
/// validate on.
[[nodiscard]] Era5Files require_era5(const std::filesystem::path& folder);

/// The short name of a channel of the published order ("u10", "z500"), or "c21" beyond it.
[[nodiscard]] std::string era5_channel_name(int channel);

/// The channels that FourCastNet trains on: the first 20, or all when there are fewer.
[[nodiscard]] std::vector<int> usual_era5_channels(std::int64_t channels);

/// Channels by name or number, "u10" or "0".
/// Throws    UsageError naming the one that a file of `channels` channels does not have, or that is
///           named twice.
[[nodiscard]] std::vector<int> era5_channels_named(const std::vector<std::string>& names,
                                                   std::int64_t channels);

}  // namespace gradwatt
