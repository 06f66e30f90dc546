#pragma once

#include <cstdio>
#include <cstdlib>

namespace gradwatt {

/// Stops the program on a programmer's error, in every build. Bad input is an Error instead.
/// The builtins stand in for std::source_location, which clang 14 cannot parse from libstdc++.
inline void expects(bool holds,
                    const char* claim,
                    const char* file = __builtin_FILE(),
                    int line = __builtin_LINE()) {
  if (!holds) {
    std::fprintf(stderr, "gradwatt: internal error: expected %s (%s:%d)\n", claim, file, line);
    std::abort();
  }
}

}  // namespace gradwatt
