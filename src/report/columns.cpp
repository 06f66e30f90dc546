#include "report/columns.h"

#include <algorithm>
#include <sstream>

namespace gradwatt {

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
  }));
}

std::string padded(std::string_view text, std::size_t width) {
  const std::size_t have = width_of(text);
  return std::string(text) + std::string(width > have ? width - have : 0, ' ');
}

std::string padded_left(std::string_view text, std::size_t width) {
  const std::size_t have = width_of(text);
  return std::string(width > have ? width - have : 0, ' ') + std::string(text);
}

std::string aligned(const std::vector<std::vector<std::string>>& rows,
                    const std::vector<bool>& right) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t c = 0; c < row.size(); ++c) {
      widths[c] = std::max(widths[c], width_of(row[c]));
    }
  }
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      const bool to_the_right = c < right.size() && right[c];
      const bool last = c + 1 == row.size();
      text += to_the_right ? padded_left(row[c], widths[c])
              : last       ? row[c]
                           : padded(row[c], widths[c]);
      text += last ? "" : "  ";
    }
    text += '\n';
  }
  return text;
}

std::string wrapped(const std::string& sentence) {
  constexpr std::size_t kColumns = 100;
  std::string text;
  std::string line = " ";
  std::istringstream words(sentence);
  for (std::string word; words >> word;) {
    if (width_of(line) + 1 + width_of(word) > kColumns) {
      text += line + "\n";
      line = "   ";
    }
    line += " " + word;
  }
  return text + line + "\n";
}

std::string notes_text(const std::vector<std::string>& notes) {
  std::string text;
  for (const std::string& note : notes) {
    text += (text.empty() ? "\nto know\n" : "") + wrapped(note);
  }
  return text;
}

}  // namespace gradwatt
