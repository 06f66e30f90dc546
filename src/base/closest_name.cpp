#include "base/closest_name.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace gradwatt {
namespace {

/// Levenshtein's distance by Wagner and Fischer's table, of which one row is kept.
std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::optional<std::string> closest_name(std::string_view word, std::span<const std::string> known) {
  std::size_t least = (word.size() + 2) / 3 + 1;
  std::optional<std::string> closest;
  for (const std::string& name : known) {
    const std::size_t edits = edits_between(word, name);
    if (edits < least) {
      least = edits;
      closest = name;
    }
  }
  return closest;
}

std::string known_names(std::string_view word, std::span<const std::string> known) {
  const auto meant = closest_name(word, known);
  return fmt::format("{}known: {}",
                     meant ? fmt::format("did you mean '{}'? ", *meant) : "",
                     fmt::join(known, ", "));
}

}  // namespace gradwatt
