#pragma once

#include "data/hdf5_file.h"
#include "data/row_source.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace gradwatt {

/// The times of a year that a sample is made of: the input's, then those of its targets.
///
/// One target: the next time; the last time of a year is its own target. Two: the next two times;
/// a sample that would reach beyond the year is the last one that does not.
///
///   steps 1   {i, i+1}, but {N-1, N-1} for the last
///   steps 2   {i, i+1, i+2}, with i at most N-3
///
/// Takes     0 <= index < times, 1 or more steps, more times than steps.
/// Source    data_loader_multifiles.py of FourCastNet; more than two steps go on as two do.
/// Example   of 5 times: 4 with one step is {4, 4}; 3 and 4 with two steps are {2, 3, 4}.
[[nodiscard]] std::vector<std::int64_t> era5_times(std::int64_t index,
                                                   std::int64_t times,
                                                   int steps);

/// Samples of several years, each an input and its targets: float32 [1 + steps, channels, rows,
/// width] in the fields' units. Sample i of the whole counts through the years.
///
/// Times that lie one behind the other are one read, so that a chunk that holds several of them is
/// decoded once.
class Era5Years final : public RowSource {
 public:
  /// Opens all files.
  /// Takes     channels and rows that the files have; files that are named once.
  /// Throws    Error naming the file that cannot be used, has another shape than the first, or has
  ///           not more times than steps.
  Era5Years(const std::vector<std::filesystem::path>& files, FieldSelection selection, int steps);

  /// Keeps `samples` alone, in that order.
  void keep(std::vector<std::int64_t> samples);

  [[nodiscard]] std::int64_t count() const override;
  [[nodiscard]] std::size_t row_bytes() const override;
  void write_row(std::int64_t index, std::span<std::uint8_t> row) const override;

  [[nodiscard]] const FieldShape& shape() const { return years_.front()->shape(); }

 private:
  std::vector<std::unique_ptr<Hdf5File>> years_;
  std::vector<std::int64_t> begins_;  ///< The first sample of each year, and the end.
  FieldSelection selection_;
  int steps_;
  std::vector<std::int64_t> kept_;  ///< Empty: all.
};

/// The largest multiple of `patch` that is at most `rows`: 721 rows and a patch of 8 are 720.
[[nodiscard]] std::int64_t cropped_rows(std::int64_t rows, std::int64_t patch);

}  // namespace gradwatt
