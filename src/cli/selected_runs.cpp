#include "cli/selected_runs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <sstream>

namespace gradwatt {

std::vector<RunRow> selected_runs(const RunSource& source,
                                  const std::vector<std::string>& selectors) {
  return selectors.empty() ? source.all() : source.select(selectors);
}

std::string selection_words(const RunSource& source, const std::vector<std::string>& selectors) {
  return selectors.empty() ? std::filesystem::path(source.table_file()).filename().string()
                           : fmt::format("{}", fmt::join(selectors, ", "));
}

std::optional<std::vector<std::string>> factor_list(const std::string& text) {
  if (text.empty()) {
    return std::nullopt;
  }
  std::vector<std::string> names;
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, ',');) {
    constexpr std::string_view kPrefix = "factor.";
    names.push_back(part.starts_with(kPrefix) ? part.substr(kPrefix.size()) : part);
  }
  return names == std::vector<std::string>{"none"} ? std::vector<std::string>{} : names;
}

}  // namespace gradwatt
