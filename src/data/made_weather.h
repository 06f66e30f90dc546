#pragma once

#include "data/hdf5_file.h"

#include <cstdint>
#include <span>
#include <vector>

namespace gradwatt {

/// Smooth fields that move as weather does, for a made ERA5: what comes next can be learnt from
/// what is there.
///
/// Each channel is a profile over the latitudes, and waves around the globe that a wind carries
/// eastwards, stronger towards the equator and for channels of the upper air, while one long wave
/// travels westwards through all channels. Means and deviations are about those of the channel
/// (10 m wind, pressure, ...), at latitude 90 - 180 y / (height - 1) and longitude 360 x / width.
///
///   field = mean + deviation (0.8 (cos^2 lat - 1/2) + cos lat sum_k a_k cos(k (lon - U t) + p_k)
///                             + 0.3 cos lat cos(2 lon + 0.05 t + q))
///   U = 0.03 + 0.09 cos^2 lat, times 1 to 1.5 by channel; radians in six hours
///   a_k = 0.8 / (k + 1), k = 1 ... 5; p_k is of (seed, year, k) and the channel, q of the channel
class MadeWeather {
 public:
  /// Takes     at least two rows; `grid.times` is not looked at.
  MadeWeather(const FieldShape& grid, std::uint64_t seed, int year);

  /// Fills `grids` [channels, height, width] with the fields of time `time`.
  void write(std::int64_t time, std::span<float> grids) const;

 private:
  struct Row {
    double cosine = 0;  ///< Of the latitude.
    double wind = 0;    ///< Radians in six hours.
  };
  static constexpr int kWaves = 5;

  void write_row(int channel, const Row& row, double time, std::span<float> out) const;

  FieldShape grid_;
  std::vector<Row> rows_;
  std::vector<double> phases_;   ///< [channels, kWaves]
  std::vector<double> cosines_;  ///< [kWaves, width], of (k + 1) times the longitude.
  std::vector<double> sines_;
};

}  // namespace gradwatt
