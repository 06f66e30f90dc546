#pragma once

#include "data/hdf5_writer.h"
#include "data/made_data.h"

#include <cstdint>
#include <filesystem>

namespace gradwatt {

/// How large a made ERA5 is. The published one has 37, 2 and 1 years of 1460 times on 721 x 1440
/// points and 21 channels.
struct Era5Size {
  int train_years = 37;
  int validation_years = 2;
  int test_years = 1;
  FieldShape year{1460, 21, 33, 64};
  Hdf5Form form;

  [[nodiscard]] std::int64_t bytes() const;
};

/// The size for a share of the published times, on a grid that is small at any scale: points are
/// not what the scale scales.
/// Takes     0.0005 <= scale <= 1.
/// Example   0.001: 2, 1 and 1 years of 27 times, 19 MB; 1: 37, 2 and 1 years of 1460 times, 10 GB.
[[nodiscard]] Era5Size made_era5_size(double scale);

/// Writes folder/era5 in the published form with made_weather.h's fields: the years, and the
/// statistics of those to train on.
/// Throws    UsageError for another scale; Error when a file cannot be written.
MadeData make_era5(const std::filesystem::path& folder, double scale, std::uint64_t seed);

/// The same in a size of the caller's.
MadeData make_era5_of(const std::filesystem::path& folder,
                      const Era5Size& size,
                      std::uint64_t seed);

}  // namespace gradwatt
