#pragma once

namespace gradwatt {

/// Gives up every right but that of reading any file, and that of gaining new ones. A broker
/// started as root becomes the user 65534, so that being root opens no file either.
/// Returns nullptr, or what could not be given up.
[[nodiscard]] const char* keep_only_reading();

/// Gives up the rest, and all system calls but those that serving needs: any other one ends the
/// program. Returns nullptr, or what failed.
[[nodiscard]] const char* keep_only_serving();

}  // namespace gradwatt
