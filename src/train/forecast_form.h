#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gradwatt {

/// What a set whose samples are fields and the fields that follow them adds to its data. Rows are
/// float32 [1 + steps, channels, height, width] in their own units.
struct ForecastForm {
  int steps = 1;                      ///< Fields that follow each input, the targets.
  std::int64_t patch = 0;             ///< Height and width are multiples of it.
  std::vector<std::string> channels;  ///< Their names.
  /// [channels, height, width]: the mean over time of each point, normalised as the inputs are.
  std::vector<float> climatology;
};

}  // namespace gradwatt
