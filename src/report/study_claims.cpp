#include "report/study_claims.h"

#include "report/columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace gradwatt {

namespace {

/// `first` and `text` as lines of at most 100 columns; all but the first are indented.
std::string hanging(const std::string& first, const std::string& text, std::size_t indent) {
  constexpr std::size_t kColumns = 100;
  std::string lines;
  std::string line = first;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const bool is_begun = line != first && width_of(line) > indent;
    if (is_begun && width_of(line) + 1 + width_of(word) > kColumns) {
      lines += line + "\n";
      line = std::string(indent, ' ') + word;
    } else {
      line += (line == first ? "" : " ") + word;
    }
  }
  return lines + line + "\n";
}

}  // namespace

std::string findings_lines(const std::vector<StudyFinding>& findings, const VerdictWords& words) {
  const std::size_t width =
      std::max({width_of(words.yes), width_of(words.no), width_of(words.open)}) + 2;
  const std::size_t indent = 2 + width;
  constexpr std::size_t kLabel = 7;
  const std::string margin(indent, ' ');
  std::string text;
  for (const StudyFinding& finding : findings) {
    const std::string& verdict = !finding.holds   ? words.open
                                 : *finding.holds ? words.yes
                                                  : words.no;
    text += hanging("  " + padded(verdict, width),
                    fmt::format("{} (asked: {})", finding.claim, finding.criterion),
                    indent);
    text += hanging(
        margin + "here:  ", finding.here.empty() ? "not measured" : finding.here, indent + kLabel);
    text += hanging(margin + "paper: ", finding.paper, indent + kLabel);
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
