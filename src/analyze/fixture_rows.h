#pragma once

#include <string>
#include <vector>

namespace gradwatt {

/// The lines of a CSV text as fields, without comments ('#'), empty lines and the heading.
/// Example  "# a\nx,y\n1,2\n" is one row of "1" and "2".
[[nodiscard]] std::vector<std::vector<std::string>> fixture_rows(const char* text);

}  // namespace gradwatt
