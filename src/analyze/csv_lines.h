#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// Reads the records of a CSV text one after the other (RFC 4180: fields may be quoted, a quote in
/// them is doubled, and they may then hold commas and line ends). Line ends of any system; a
/// leading byte order mark, empty lines and, before the first record, lines that begin with '#' are
/// skipped.
///
/// Not thread-safe. The text has to outlive the reader, and what next() returns only lasts until
/// it is called again.
class CsvLines {
 public:
  explicit CsvLines(std::string_view text);

  /// Fields of the next record, without the white space around them; nullptr at the end.
  [[nodiscard]] const std::vector<std::string_view>* next();

  /// Of the record that next() gave last: the line it begins on, from 1.
  [[nodiscard]] int line() const { return line_; }

 private:
  void skip_what_is_no_record();
  [[nodiscard]] std::string_view quoted_field();
  [[nodiscard]] std::string_view bare_field();
  void count_line_end();

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 0;
  int next_line_ = 1;
  std::vector<std::string_view> fields_;
  std::deque<std::string> unquoted_;  ///< Texts of quoted fields that hold quotes.
};

}  // namespace gradwatt
