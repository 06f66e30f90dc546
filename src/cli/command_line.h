#pragma once

#include <string>
#include <vector>

namespace gradwatt {

/// Runs gradwatt with `arguments` (argv without the program's name) and returns its exit status:
/// the verb's own, 2 for wrong usage, 1 for another failure. Catches every exception.
[[nodiscard]] int run_command_line(const std::vector<std::string>& arguments);

}  // namespace gradwatt
