#include "analyze/grid_axis.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace gradwatt {
namespace {

std::optional<double> number_in(const std::string& text) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && stopped == end ? std::optional(number) : std::nullopt;
}

/// Sorts the values from `first` on when all of them are numbers.
void sort_numbers(std::vector<std::string>& values, std::size_t first) {
  std::vector<std::pair<double, std::string>> numbers;
  for (std::size_t i = first; i < values.size(); ++i) {
    const auto number = number_in(values[i]);
    if (!number) {
      return;
    }
    numbers.emplace_back(*number, values[i]);
  }
  std::sort(numbers.begin(), numbers.end());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    values[first + i] = std::move(numbers[i].second);
  }
}

}  // namespace

std::vector<GridAxis> axes_of(std::span<const RunRow> runs, std::vector<GridAxis> known) {
  std::vector<GridAxis> axes = std::move(known);
  std::vector<std::size_t> given;
  for (const GridAxis& axis : axes) {
    given.push_back(axis.values.size());
  }
  for (const RunRow& run : runs) {
    for (const auto& factor : run.factors) {
      auto axis = std::find_if(
          axes.begin(), axes.end(), [&](const GridAxis& a) { return a.name == factor.first; });
      if (axis == axes.end()) {
        axis = axes.insert(axes.end(), GridAxis{factor.first, {}});
        given.push_back(0);
      }
      if (std::find(axis->values.begin(), axis->values.end(), factor.second) ==
          axis->values.end()) {
        axis->values.push_back(factor.second);
      }
    }
  }
  for (std::size_t i = 0; i < axes.size(); ++i) {
    sort_numbers(axes[i].values, given[i]);
  }
  return axes;
}

}  // namespace gradwatt
