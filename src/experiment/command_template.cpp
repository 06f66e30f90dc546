#include "experiment/command_template.h"

#include "base/error.h"
#include "base/expects.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

namespace gradwatt {
namespace {

struct Piece {
  bool is_name = false;
  std::string text;
};

constexpr const char* kBraceRemedy = "write {{ and }} for braces that are not a name's";

std::vector<Piece> pieces_of(std::string_view element) {
  std::vector<Piece> pieces;
  std::string plain;
  for (std::size_t i = 0; i < element.size(); ++i) {
    const char c = element[i];
    if (c != '{' && c != '}') {
      plain.push_back(c);
      continue;
    }
    if (i + 1 < element.size() && element[i + 1] == c) {
      plain.push_back(c);
      ++i;
      continue;
    }
    const std::size_t close =
        c == '{' ? element.find_first_of("{}", i + 1) : std::string_view::npos;
    if (close == std::string_view::npos || element[close] != '}' || close == i + 1) {
      throw Error(fmt::format("a single '{}'", c), fmt::format("\"{}\"", element), kBraceRemedy);
    }
    pieces.push_back({false, std::exchange(plain, {})});
    pieces.push_back({true, std::string(element.substr(i + 1, close - i - 1))});
    i = close;
  }
  pieces.push_back({false, std::move(plain)});
  return pieces;
}

bool is_plain_word(const std::string& word) {
  constexpr std::string_view kPlain = "%+,-./:=@_";
  return !word.empty() && std::all_of(word.begin(), word.end(), [&](char c) {
    return (std::isalnum(static_cast<unsigned char>(c)) != 0 &&
            static_cast<unsigned char>(c) < 0x80) ||
           kPlain.find(c) != std::string_view::npos;
  });
}

}  // namespace

std::vector<std::string> names_in(std::string_view element) {
  std::vector<std::string> names;
  for (Piece& piece : pieces_of(element)) {
    if (piece.is_name) {
      names.push_back(std::move(piece.text));
    }
  }
  return names;
}

std::string substituted(std::string_view element,
                        const std::map<std::string, std::string>& values) {
  std::string text;
  for (const Piece& piece : pieces_of(element)) {
    if (!piece.is_name) {
      text += piece.text;
      continue;
    }
    const auto value = values.find(piece.text);
    expects(value != values.end(), "the sweep file's reader refused unknown names");
    text += value->second;
  }
  return text;
}

std::string shell_quoted(const std::vector<std::string>& command) {
  std::string line;
  for (const std::string& word : command) {
    line += line.empty() ? "" : " ";
    if (is_plain_word(word)) {
      line += word;
      continue;
    }
    line += '\'';
    for (const char c : word) {
      line += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    line += '\'';
  }
  return line;
}

}  // namespace gradwatt
