#pragma once

#include <string>

namespace gradwatt {

/// Names the build of the running program: two programs that could compute different numbers have
/// different ones. The build id that the linker wrote, else the program file's size and time.
///
/// Source   the note of type NT_GNU_BUILD_ID, which ld writes with --build-id.
[[nodiscard]] const std::string& program_build();

}  // namespace gradwatt
