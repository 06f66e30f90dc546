#include "data/era5_maker.h"

#include "base/error.h"
#include "data/made_weather.h"
#include "data/npy_file.h"
#include "data/side_by_side.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

constexpr int kFirstYear = 1979;
constexpr double kPublishedTimes = 1460;
constexpr double kPublishedYears = 37;

/// Sums over all times of some years, for each point.
struct FieldSums {
  explicit FieldSums(std::size_t points) : sum(points), squares(points) {}

  void add(const std::vector<float>& grids) {
    for (std::size_t i = 0; i < grids.size(); ++i) {
      const double value = grids[i];
      sum[i] += value;
      squares[i] += value * value;
    }
    ++times;
  }
  void add(const FieldSums& other) {
    for (std::size_t i = 0; i < sum.size(); ++i) {
      sum[i] += other.sum[i];
      squares[i] += other.squares[i];
    }
    times += other.times;
  }

  std::vector<double> sum;
  std::vector<double> squares;
  std::int64_t times = 0;
};

struct MadeYear {
  fs::path file;
  int year = 0;
};

std::size_t points_of(const FieldShape& shape) {
  return static_cast<std::size_t>(shape.channels * shape.height * shape.width);
}

std::int64_t make_year(const MadeYear& year,
                       const Era5Size& size,
                       std::uint64_t seed,
                       FieldSums& sums) {
  const MadeWeather weather(size.year, seed, year.year);
  Hdf5Writer file(year.file, size.year, size.form);
  std::vector<float> grids(points_of(size.year));
  for (std::int64_t time = 0; time < size.year.times; ++time) {
    weather.write(time, grids);
    file.write(time, grids);
    sums.add(grids);
  }
  return file.close();
}

std::int64_t write_statistics(const fs::path& file, const NpyArray& array) {
  MadeFile made(file);
  made.write(npy_bytes(array));
  return made.close();
}

/// Means and deviations of each channel over all points and times, and the mean of each point.
std::int64_t make_statistics(const fs::path& folder,
                             const FieldShape& shape,
                             const FieldSums& sums) {
  const auto grid = static_cast<std::size_t>(shape.height * shape.width);
  NpyArray means{{1, shape.channels, 1, 1}, {}};
  NpyArray deviations = means;
  NpyArray time_means{{1, shape.channels, shape.height, shape.width}, {}};
  const auto times = static_cast<double>(sums.times);
  for (std::size_t begin = 0; begin < sums.sum.size(); begin += grid) {
    double sum = 0;
    double squares = 0;
    for (std::size_t i = begin; i < begin + grid; ++i) {
      sum += sums.sum[i];
      squares += sums.squares[i];
      time_means.values.push_back(static_cast<float>(sums.sum[i] / times));
    }
    const double count = times * static_cast<double>(grid);
    const double mean = sum / count;
    means.values.push_back(static_cast<float>(mean));
    deviations.values.push_back(
        static_cast<float>(std::sqrt(std::max(0.0, squares / count - mean * mean))));
  }
  fs::create_directories(folder);
  return write_statistics(folder / "global_means.npy", means) +
         write_statistics(folder / "global_stds.npy", deviations) +
         write_statistics(folder / "time_means.npy", time_means);
}

}  // namespace

std::int64_t Era5Size::bytes() const {
  const std::int64_t years = train_years + validation_years + test_years;
  return years * year.times * year.channels * year.height * year.width *
         static_cast<std::int64_t>(sizeof(float));
}

Era5Size made_era5_size(double scale) {
  Era5Size size;
  size.train_years =
      std::clamp(static_cast<int>(std::lround(kPublishedYears * std::sqrt(scale))), 2, 37);
  size.validation_years = std::max(1, 2 * size.train_years / 37);
  const double times = kPublishedTimes * kPublishedYears * scale / size.train_years;
  size.year.times = std::clamp<std::int64_t>(std::lround(times), 8, 1460);
  return size;
}

MadeData make_era5(const fs::path& folder, double scale, std::uint64_t seed) {
  if (!(scale >= 0.0005 && scale <= 1)) {
    throw UsageError(fmt::format("the scale is {}, and not between 0.0005 and 1", scale),
                     "ERA5",
                     "1 has as many times as the published set, on a small grid: 10 GB");
  }
  return make_era5_of(folder, made_era5_size(scale), seed);
}

MadeData make_era5_of(const fs::path& folder, const Era5Size& size, std::uint64_t seed) {
  const fs::path root = folder / "era5";
  std::vector<MadeYear> years;
  const auto add = [&](const char* part, int count) {
    fs::create_directories(root / part);
    for (int i = 0; i < count; ++i) {
      const int year = kFirstYear + static_cast<int>(years.size());
      years.push_back({root / part / fmt::format("{}.h5", year), year});
    }
  };
  add("train", size.train_years);
  add("test", size.validation_years);
  add("out_of_sample", size.test_years);
  const std::size_t points = points_of(size.year);
  std::vector<FieldSums> sums(years.size(), FieldSums(points));
  std::vector<std::int64_t> bytes(years.size());
  side_by_side(years.size(),
               [&](std::size_t i) { bytes[i] = make_year(years[i], size, seed, sums[i]); });
  for (int i = 1; i < size.train_years; ++i) {
    sums.front().add(sums[static_cast<std::size_t>(i)]);
  }
  MadeData made;
  made.bytes = make_statistics(root / "stats", size.year, sums.front());
  for (const std::int64_t of_year : bytes) {
    made.bytes += of_year;
  }
  made.files = static_cast<std::int64_t>(years.size()) + 3;
  made.facts.push_back(fmt::format("{} + {} + {} years of {} times, {} channels on {} x {} points",
                                   size.train_years,
                                   size.validation_years,
                                   size.test_years,
                                   size.year.times,
                                   size.year.channels,
                                   size.year.height,
                                   size.year.width));
  return made;
}

}  // namespace gradwatt
