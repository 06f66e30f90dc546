#include "data/era5_statistics.h"

#include "base/error.h"
#include "data/npy_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

/// The values of a file that must have this shape.
std::vector<float> statistics_in(const std::filesystem::path& file,
                                 const std::vector<std::int64_t>& shape) {
  if (!std::filesystem::exists(file)) {
    throw Error("is missing",
                file.string(),
                "it is published beside the years, and gradwatt data make era5 writes it");
  }
  NpyArray array = read_npy(file);
  if (array.shape != shape) {
    throw Error(fmt::format("has the shape [{}] instead of [{}]",
                            fmt::join(array.shape, ","),
                            fmt::join(shape, ",")),
                file.string(),
                "take the statistics of the years beside it");
  }
  for (std::size_t i = 0; i < array.values.size(); ++i) {
    if (!std::isfinite(array.values[i])) {
      throw Error(
          fmt::format("its value {} is {}", i, array.values[i]), file.string(), "fetch it again");
    }
  }
  return std::move(array.values);
}

}  // namespace

Era5Statistics read_era5_statistics(const std::filesystem::path& root,
                                    const FieldShape& shape,
                                    const FieldSelection& selection) {
  const std::filesystem::path folder = root / "stats";
  const auto means = statistics_in(folder / "global_means.npy", {1, shape.channels, 1, 1});
  const auto deviations = statistics_in(folder / "global_stds.npy", {1, shape.channels, 1, 1});
  const auto time_means =
      statistics_in(folder / "time_means.npy", {1, shape.channels, shape.height, shape.width});
  Era5Statistics statistics;
  for (const int channel : selection.channels) {
    const auto index = static_cast<std::size_t>(channel);
    if (!(deviations[index] > 0)) {
      throw Error(fmt::format("the deviation of channel {} is {}", channel, deviations[index]),
                  (folder / "global_stds.npy").string(),
                  "deviations are above 0; fetch it again");
    }
    statistics.mean.push_back(means[index]);
    statistics.deviation.push_back(deviations[index]);
    const auto grid = time_means.begin() + channel * shape.height * shape.width;
    statistics.time_mean.insert(
        statistics.time_mean.end(), grid, grid + selection.rows * shape.width);
  }
  return statistics;
}

}  // namespace gradwatt
