#pragma once

#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// The exit status when there is no such program, as a shell reports it.
inline constexpr int kNoSuchProgram = 127;

/// How a short command ended and what it said.
struct CapturedCommand {
  int exit_status = 0;  ///< As a shell reports it.
  std::string output;
  std::string errors;
};

/// Runs a command (looked up in PATH) to its end, with nothing on its standard input. Throws Error
/// when there can be no new process.
/// Example  {"echo", "a b"} has the output "a b\n" and the exit status 0.
[[nodiscard]] CapturedCommand run_captured(const std::vector<std::string>& command);

}  // namespace gradwatt
