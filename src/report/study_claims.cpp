#include "report/study_claims.h"

#include "report/columns.h"

#include <fmt/format.h>

#include <algorithm>

namespace gradwatt {

std::string findings_lines(const std::vector<StudyFinding>& findings, const VerdictWords& words) {
  const std::size_t width =
      std::max({width_of(words.yes), width_of(words.no), width_of(words.open)}) + 2;
  const std::string indent(2 + width, ' ');
  std::string text;
  for (const StudyFinding& finding : findings) {
    const std::string& verdict = !finding.holds   ? words.open
                                 : *finding.holds ? words.yes
                                                  : words.no;
    text += fmt::format(
        "  {}{} (asked: {})\n", padded(verdict, width), finding.claim, finding.criterion);
    text += fmt::format("{0}here:  {1}\n{0}paper: {2}\n",
                        indent,
                        finding.here.empty() ? "not measured" : finding.here,
                        finding.paper);
  }
  return text + "\n";
}

std::string inconsistency_lines(const std::vector<StudyInconsistency>& list) {
  std::string text;
  for (const StudyInconsistency& one : list) {
    text += wrapped(one.about + ": " + one.text);
  }
  return text + "\n";
}

}  // namespace gradwatt
