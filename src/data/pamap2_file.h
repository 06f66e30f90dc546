#pragma once

#include "base/unique_fd.h"
#include "data/pamap2_layout.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace gradwatt {

struct Pamap2Row {
  double time_s = 0;
  int activity = 0;
  std::array<float, kPamap2Columns> values{};  ///< All columns; NaN where a value is missing.
};

/// Reads one recording row by row, a megabyte at a time.
///
/// A line is damaged when it has not 54 columns, when one of them is no number, when its time is
/// missing or before that of the line above, or when PAMAP2 has no activity of its id. Reading can
/// go on behind it.
/// Throws    Error naming the file when it cannot be opened or read, or holds lines too long for a
///           recording.
/// Example   "8.38 0 104 30 2.37 ..." (54 columns): time_s 8.38, activity 0, values[3] is 30.
class Pamap2Reader {
 public:
  enum class Found { row, damaged_line, end };

  explicit Pamap2Reader(const std::filesystem::path& file);

  Found next();
  /// The row that next() found.
  [[nodiscard]] const Pamap2Row& row() const { return row_; }
  /// What is wrong with the line that next() found damaged.
  [[nodiscard]] const std::string& damage() const { return damage_; }
  [[nodiscard]] std::int64_t line() const { return line_; }
  /// "file:line" of what next() found.
  [[nodiscard]] std::string where() const;

 private:
  bool next_line(std::string_view& line);
  bool fill();
  bool parse(std::string_view line);
  bool parse_column(std::string_view text, int column);
  bool accept_row();

  std::filesystem::path file_;
  UniqueFd fd_;
  std::string buffer_;
  std::size_t begin_ = 0;  ///< Of what is not yet read in buffer_.
  bool at_end_ = false;
  std::int64_t line_ = 0;
  double last_time_s_ = 0;
  bool has_last_time_ = false;
  Pamap2Row row_;
  std::string damage_;
};

}  // namespace gradwatt
