#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace gradwatt {

/// A task that failed: what went wrong, where, and what the reader can do about it.
/// Outcomes that are expected (a sensor is absent, too few samples) are values, not errors.
class Error : public std::runtime_error {
 public:
  /// Example: Error("no such run", "@last", "run something first: gradwatt run -- CMD")
  Error(std::string_view what, std::string_view where, std::string_view remedy = {});

  /// The same failure seen from further up: prefixes `where` with the caller's view of it.
  [[nodiscard]] Error inside(std::string_view where) const;

 private:
  explicit Error(const std::string& text) : std::runtime_error(text) {}
};

/// An Error for a failed system call, with the text of `errno_value`.
[[nodiscard]] Error system_error(std::string_view what,
                                 std::string_view where,
                                 int errno_value,
                                 std::string_view remedy = {});

/// Wrong use of the command line or of a configuration file: exit status 2 instead of 1.
class UsageError : public Error {
 public:
  using Error::Error;
};

}  // namespace gradwatt
