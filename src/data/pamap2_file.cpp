#include "data/pamap2_file.h"

#include "base/error.h"
#include "units/show.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fcntl.h>
#include <limits>

namespace gradwatt {
namespace {

constexpr std::size_t kReadBytes = std::size_t{1} << 20U;
constexpr std::size_t kLineBytesMax = std::size_t{1} << 16U;  // Recordings have about 450.

constexpr bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/// Fills `value` when all of `text` is a finite number or NaN.
bool read_number(std::string_view text, float& value) {
  if (text == "NaN") {
    value = std::numeric_limits<float>::quiet_NaN();
    return true;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && !std::isinf(value);
}

}  // namespace

Pamap2Reader::Pamap2Reader(const std::filesystem::path& file)
    : file_(file), fd_(::open(file.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (!fd_) {
    throw system_error("cannot open", file.string(), errno, "check its permissions");
  }
}

std::string Pamap2Reader::where() const { return fmt::format("{}:{}", file_.string(), line_); }

Pamap2Reader::Found Pamap2Reader::next() {
  std::string_view line;
  if (!next_line(line)) {
    return Found::end;
  }
  ++line_;
  return parse(line) && accept_row() ? Found::row : Found::damaged_line;
}

bool Pamap2Reader::next_line(std::string_view& line) {
  while (true) {
    const std::string_view rest = std::string_view(buffer_).substr(begin_);
    const std::size_t length = rest.find('\n');
    if (length != std::string_view::npos) {
      line = rest.substr(0, length);
      begin_ += length + 1;
      return true;
    }
    if (rest.size() > kLineBytesMax) {
      ++line_;
      throw Error("a line longer than 64 KiB: this is no recording of PAMAP2",
                  where(),
                  "fetch the file again");
    }
    if (!fill()) {
      line = std::string_view(buffer_).substr(begin_);  // fill() has moved what was left.
      begin_ = buffer_.size();
      return !line.empty();
    }
  }
}

/// Reads more behind what is left; false at the end of the file.
bool Pamap2Reader::fill() {
  if (at_end_) {
    return false;
  }
  buffer_.erase(0, begin_);
  begin_ = 0;
  const std::size_t kept = buffer_.size();
  buffer_.resize(kept + kReadBytes);
  ssize_t count = -1;
  do {
    count = ::read(fd_.get(), buffer_.data() + kept, kReadBytes);
  } while (count < 0 && errno == EINTR);
  if (count < 0) {
    throw system_error("cannot read", file_.string(), errno, "check the disk");
  }
  buffer_.resize(kept + static_cast<std::size_t>(count));
  at_end_ = count == 0;
  return !at_end_;
}

bool Pamap2Reader::parse(std::string_view line) {
  int columns = 0;
  std::size_t at = 0;
  while (true) {
    while (at < line.size() && is_space(line[at])) {
      ++at;
    }
    if (at == line.size()) {
      break;
    }
    std::size_t end = at;
    while (end < line.size() && !is_space(line[end])) {
      ++end;
    }
    if (columns < kPamap2Columns && !parse_column(line.substr(at, end - at), columns)) {
      return false;
    }
    ++columns;
    at = end;
  }
  if (columns != kPamap2Columns) {
    damage_ = fmt::format("has {} columns instead of {}", columns, kPamap2Columns);
    return false;
  }
  return true;
}

bool Pamap2Reader::parse_column(std::string_view text, int column) {
  float& value = row_.values[static_cast<std::size_t>(column)];
  bool is_number = read_number(text, value);
  if (is_number && column == 0) {
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), row_.time_s);
    is_number = parsed.ec == std::errc() && std::isfinite(row_.time_s);
  }
  if (!is_number) {
    damage_ = fmt::format(
        "column {} is '{}', which is no number", column + 1, printable(text.substr(0, 20)));
  }
  return is_number;
}

bool Pamap2Reader::accept_row() {
  const float id = row_.values[1];
  // The comparison is false for NaN too.
  if (!(id >= 0 && id <= static_cast<float>(kPamap2ActivityMax)) || id != std::floor(id) ||
      pamap2_activity_name(static_cast<int>(id)) == nullptr) {
    damage_ = fmt::format("activity {} is none of PAMAP2's", id);
    return false;
  }
  row_.activity = static_cast<int>(id);
  if (has_last_time_ && row_.time_s < last_time_s_) {
    damage_ = fmt::format("the time goes back from {} s to {} s", last_time_s_, row_.time_s);
    return false;
  }
  last_time_s_ = row_.time_s;
  has_last_time_ = true;
  return true;
}

}  // namespace gradwatt
