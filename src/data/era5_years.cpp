#include "data/era5_years.h"

#include "base/error.h"
#include "base/expects.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <numeric>

namespace gradwatt {

std::vector<std::int64_t> era5_times(std::int64_t index, std::int64_t times, int steps) {
  expects(steps >= 1 && times > steps && index >= 0 && index < times, "a sample of the year");
  if (steps == 1 && index == times - 1) {
    return {index, index};
  }
  std::vector<std::int64_t> chosen(static_cast<std::size_t>(steps) + 1);
  std::iota(chosen.begin(), chosen.end(), std::min(index, times - 1 - steps));
  return chosen;
}

std::int64_t cropped_rows(std::int64_t rows, std::int64_t patch) { return rows - rows % patch; }

Era5Years::Era5Years(const std::vector<std::filesystem::path>& files,
                     FieldSelection selection,
                     int steps)
    : selection_(std::move(selection)), steps_(steps) {
  begins_.push_back(0);
  for (const std::filesystem::path& file : files) {
    years_.push_back(std::make_unique<Hdf5File>(file));
    const FieldShape& own = years_.back()->shape();
    const FieldShape& first = shape();
    if (own.channels != first.channels || own.height != first.height || own.width != first.width) {
      throw Error(fmt::format("has grids of {} x {} x {}, and {} has {} x {} x {}",
                              own.channels,
                              own.height,
                              own.width,
                              years_.front()->path().filename().string(),
                              first.channels,
                              first.height,
                              first.width),
                  file.string(),
                  "take the years of one set");
    }
    if (own.times <= steps) {
      throw Error(
          fmt::format("has {} times; a sample and its targets are {}", own.times, steps + 1),
          file.string(),
          "take whole years");
    }
    begins_.push_back(begins_.back() + own.times);
  }
  expects(!years_.empty(), "at least one year");
}

void Era5Years::keep(std::vector<std::int64_t> samples) {
  expects(!samples.empty() && kept_.empty(), "some samples, once");
  kept_ = std::move(samples);
}

std::int64_t Era5Years::count() const {
  return kept_.empty() ? begins_.back() : static_cast<std::int64_t>(kept_.size());
}

std::size_t Era5Years::row_bytes() const {
  return static_cast<std::size_t>((1 + steps_) * selection_.size(shape())) * sizeof(float);
}

void Era5Years::write_row(std::int64_t index, std::span<std::uint8_t> row) const {
  const std::int64_t sample = kept_.empty() ? index : kept_.at(static_cast<std::size_t>(index));
  const auto next = std::upper_bound(begins_.begin(), begins_.end(), sample);
  const auto year = static_cast<std::size_t>(std::distance(begins_.begin(), next)) - 1;
  const Hdf5File& file = *years_.at(year);
  const auto times = era5_times(sample - begins_[year], file.shape().times, steps_);
  // Rows lie at multiples of row_bytes() in memory made for them, so that floats are aligned.
  const std::span<float> out{reinterpret_cast<float*>(row.data()), row.size() / sizeof(float)};
  if (times.front() != times.back()) {
    file.read(times.front(), static_cast<std::int64_t>(times.size()), selection_, out);
    return;
  }
  const std::size_t half = out.size() / 2;
  file.read(times.front(), 1, selection_, out.first(half));
  std::memcpy(out.data() + half, out.data(), half * sizeof(float));
}

}  // namespace gradwatt
