#include "report/study_words.h"

#include "report/study_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace gradwatt {

const StudySweep* StudyView::part(std::string_view name) const {
  const auto found = std::find_if(
      sweeps.begin(), sweeps.end(), [&](const StudySweep& s) { return part_of(s) == name; });
  return found == sweeps.end() ? nullptr : &*found;
}

std::string part_of(const StudySweep& sweep) {
  return sweep.name.substr(sweep.name.rfind('-') + 1);
}

std::string energy_kind_words(const StudyView& view) {
  int known = 0;
  int estimated = 0;
  for (const StudySweep& sweep : view.sweeps) {
    known += sweep.energy_known ? 1 : 0;
    estimated += sweep.energy_known && sweep.estimated ? 1 : 0;
  }
  if (known == 0) {
    return "unknown";
  }
  return estimated == 0 ? "measured" : estimated == known ? "estimated" : "partly estimated";
}

std::string three_digits(double value) {
  constexpr double kTooLargeForAFraction = 99.95;
  constexpr double kReadable = 1e6;
  if (std::abs(value) >= kTooLargeForAFraction && std::abs(value) < kReadable) {
    return fmt::format("{:.0f}", value);
  }
  return fmt::format("{:.3g}", value);
}

std::string percent_words(double share) {
  constexpr double kPercent = 100;
  return fmt::format("{:.1f} %", kPercent * share);
}

std::string study_setup_words(const StudySweep& sweep, std::size_t setup) {
  std::string values;
  for (std::size_t axis = 0; axis < sweep.axes.size(); ++axis) {
    values += fmt::format("{}{} {}",
                          values.empty() ? "" : ", ",
                          sweep.axes[axis].name,
                          sweep.setups[setup].values[axis]);
  }
  return fmt::format("setup {} ({})", setup + 1, values);
}

std::string absence_words(SetupState state, std::string_view otherwise) {
  switch (state) {
    case SetupState::failed:
      return "failed";
    case SetupState::not_run:
      return "not run";
    case SetupState::unfinished:
      return "cut";
    default:
      return std::string(otherwise);
  }
}

std::string known_or_why(const std::optional<double>& value, const StudySetup& setup) {
  return value ? three_digits(*value) : absence_words(setup.state);
}

std::string indented(const std::string& text) {
  std::string result;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    line.erase(line.find_last_not_of(' ') + 1);
    result += (line.empty() ? "" : "  ") + line + "\n";
  }
  return result;
}

std::vector<bool> all_right(std::size_t columns) {
  std::vector<bool> right(columns, true);
  return right;
}

}  // namespace gradwatt
