#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace gradwatt {

/// Samples that are produced one by one, each as a row of the same number of bytes: images that are
/// decoded when they are needed. Thread-safe: rows are written by several threads at once.
class RowSource {
 public:
  virtual ~RowSource() = default;
  [[nodiscard]] virtual std::int64_t count() const = 0;
  [[nodiscard]] virtual std::size_t row_bytes() const = 0;
  /// Fills `row` (row_bytes() of it) with sample `index`. Throws Error that names the file.
  virtual void write_row(std::int64_t index, std::span<std::uint8_t> row) const = 0;
  /// The same in a pass that draws something for each sample, such as which part of a photograph it
  /// sees: a pure function of (pass_seed, index). Sources that draw nothing need not say so.
  virtual void write_drawn_row(std::int64_t index,
                               std::uint64_t pass_seed,
                               std::span<std::uint8_t> row) const {
    (void)pass_seed;
    write_row(index, row);
  }
};

}  // namespace gradwatt
