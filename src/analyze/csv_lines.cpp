#include "analyze/csv_lines.h"

#include "base/file.h"

#include <algorithm>

namespace gradwatt {
namespace {

bool is_line_end(char c) { return c == '\n' || c == '\r'; }

}  // namespace

CsvLines::CsvLines(std::string_view text) : text_(text) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text_.starts_with(kByteOrderMark)) {
    at_ = kByteOrderMark.size();
  }
}

void CsvLines::count_line_end() {
  if (at_ < text_.size() && text_[at_] == '\r') {
    ++at_;
  }
  if (at_ < text_.size() && text_[at_] == '\n') {
    ++at_;
  }
  ++next_line_;
}

void CsvLines::skip_what_is_no_record() {
  const bool is_heading_to_come = line_ == 0;
  while (at_ < text_.size() &&
         (is_line_end(text_[at_]) || (is_heading_to_come && text_[at_] == '#'))) {
    at_ = std::min(text_.find_first_of("\r\n", at_), text_.size());
    count_line_end();
  }
}

std::string_view CsvLines::quoted_field() {
  const std::size_t begin = ++at_;
  bool has_quotes = false;
  while (at_ < text_.size()) {
    if (text_[at_] == '"') {
      if (at_ + 1 >= text_.size() || text_[at_ + 1] != '"') {
        break;
      }
      has_quotes = true;
      ++at_;
    } else if (text_[at_] == '\n') {
      ++next_line_;
    }
    ++at_;
  }
  const std::string_view raw = text_.substr(begin, at_ - begin);
  at_ = std::min(text_.find_first_of(",\r\n", at_), text_.size());
  if (!has_quotes) {
    return raw;
  }
  std::string& plain = unquoted_.emplace_back();
  for (std::size_t i = 0; i < raw.size(); ++i) {
    plain += raw[i];
    i += raw[i] == '"' ? 1 : 0;
  }
  return plain;
}

std::string_view CsvLines::bare_field() {
  const std::size_t begin = at_;
  at_ = std::min(text_.find_first_of(",\r\n", at_), text_.size());
  return trimmed(text_.substr(begin, at_ - begin));
}

const std::vector<std::string_view>* CsvLines::next() {
  skip_what_is_no_record();
  if (at_ >= text_.size()) {
    return nullptr;
  }
  fields_.clear();
  unquoted_.clear();
  line_ = next_line_;
  while (true) {
    while (at_ < text_.size() && text_[at_] == ' ') {
      ++at_;
    }
    const bool is_quoted = at_ < text_.size() && text_[at_] == '"';
    fields_.push_back(is_quoted ? quoted_field() : bare_field());
    if (at_ >= text_.size() || text_[at_] != ',') {
      break;
    }
    ++at_;
  }
  count_line_end();
  return &fields_;
}

}  // namespace gradwatt
