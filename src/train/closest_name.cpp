#include "train/closest_name.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace gradwatt {
namespace {

std::size_t typing_errors(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t substituted = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({substituted, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::optional<std::string> closest_name(std::string_view typed,
                                        std::span<const std::string> names) {
  std::optional<std::string> best;
  std::size_t fewest = std::max<std::size_t>(1, typed.size() / 3) + 1;
  for (const std::string& name : names) {
    const std::size_t errors = typing_errors(typed, name);
    if (errors < fewest) {
      fewest = errors;
      best = name;
    }
  }
  return best;
}

}  // namespace gradwatt
