#include "analyze/fixture_rows.h"

#include <sstream>

namespace gradwatt {

std::vector<std::vector<std::string>> fixture_rows(const char* text) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(text);
  bool is_heading = true;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() == '#') {
      continue;
    }
    if (is_heading) {
      is_heading = false;
      continue;
    }
    std::vector<std::string> row;
    std::istringstream fields(line);
    for (std::string field; std::getline(fields, field, ',');) {
      row.push_back(field);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace gradwatt
