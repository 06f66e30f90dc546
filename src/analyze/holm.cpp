#include "analyze/holm.h"

#include <algorithm>
#include <numeric>

namespace gradwatt {

std::vector<double> holm_adjusted(std::span<const double> p_values) {
  std::vector<std::size_t> ascending(p_values.size());
  std::iota(ascending.begin(), ascending.end(), std::size_t{0});
  std::sort(ascending.begin(), ascending.end(), [&](std::size_t a, std::size_t b) {
    return p_values[a] < p_values[b];
  });
  std::vector<double> adjusted(p_values.size());
  double largest = 0;
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    const auto comparisons_left = static_cast<double>(ascending.size() - i);
    largest = std::max(largest, std::min(1.0, comparisons_left * p_values[ascending[i]]));
    adjusted[ascending[i]] = largest;
  }
  return adjusted;
}

}  // namespace gradwatt
