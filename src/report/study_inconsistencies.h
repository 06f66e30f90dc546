#pragma once

#include <string>
#include <vector>

namespace gradwatt {

/// Something in the study that does not fit together, with the number that shows it.
struct StudyInconsistency {
  std::string about;  ///< "Equation 1", "Table 2c", ...
  std::string text;
  double value = 0;      ///< The number that shows it, computed from the printed tables.
  std::string quantity;  ///< What `value` is.
};

/// Those known. A reproduction must not try to match what contradicts itself.
[[nodiscard]] std::vector<StudyInconsistency> study_inconsistencies();

/// The same as lines; ends in an empty line.
[[nodiscard]] std::string study_inconsistencies_text();

}  // namespace gradwatt
