#include "trace/median.h"

#include "base/expects.h"

#include <algorithm>

namespace gradwatt {

double median_of(std::vector<double> values) {
  expects(!values.empty(), "values to take the median of");
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace gradwatt
