#pragma once

#include "report/study_view.h"

#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// A claim of the study, what it says, and what these sweeps say.
struct StudyFinding {
  std::string claim;
  std::string paper;     ///< The study's own number.
  std::string here;      ///< The number here, in words.
  std::string quantity;  ///< Name of `value`, for programs.
  std::optional<double> value;
  std::optional<bool> holds;  ///< Absent: these sweeps cannot say.
  std::string criterion;      ///< What `holds` asks for.
};

/// Takes one machine's sweeps: a claim that holds or fails here may do otherwise elsewhere.
[[nodiscard]] std::vector<StudyFinding> study_findings(const StudyView& view);

/// The findings as lines; ends in an empty line.
[[nodiscard]] std::string study_findings_text(const StudyView& view);

}  // namespace gradwatt
