#pragma once

#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// A claim of a study, what it says, and what these sweeps say.
struct StudyFinding {
  std::string claim;
  std::string paper;     ///< The study's own number.
  std::string here;      ///< The number here, in words.
  std::string quantity;  ///< Name of `value`, for programs.
  std::optional<double> value;
  std::optional<bool> holds;  ///< Absent: these sweeps cannot say.
  std::string criterion;      ///< What `holds` asks for.
};

/// How a report calls a claim that holds, does not, and cannot be told.
struct VerdictWords {
  std::string yes;
  std::string no;
  std::string open;
};

/// Three lines for each finding; ends in an empty line.
[[nodiscard]] std::string findings_lines(const std::vector<StudyFinding>& findings,
                                         const VerdictWords& words);

/// Something in a study that does not fit together, with the number that shows it.
struct StudyInconsistency {
  std::string about;  ///< "Equation 1", "Table 2c", ...
  std::string text;
  double value = 0;      ///< The number that shows it.
  std::string quantity;  ///< What `value` is.
};

/// A sentence for each; ends in an empty line.
[[nodiscard]] std::string inconsistency_lines(const std::vector<StudyInconsistency>& list);

}  // namespace gradwatt
