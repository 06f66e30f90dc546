#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// The names that stand in braces in one element of a command, in order. "{{" and "}}" stand for
/// single braces. Throws Error when a brace has no partner.
/// Example: "--bs={batch}" names batch; "{{x}}" names nothing.
[[nodiscard]] std::vector<std::string> names_in(std::string_view element);

/// `element` with each {name} replaced by its value's text, unchanged: no quoting, no number
/// format, and braces inside a value stay as they are.
/// Requires every name to be in `values`. Example: "--lr={lr}" with lr = "1e-4" is "--lr=1e-4".
[[nodiscard]] std::string substituted(std::string_view element,
                                      const std::map<std::string, std::string>& values);

/// A command as a line that a POSIX shell reads back as the same words.
/// Example: {"echo", "a b"} is "echo 'a b'".
[[nodiscard]] std::string shell_quoted(const std::vector<std::string>& command);

}  // namespace gradwatt
