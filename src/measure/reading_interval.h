#pragma once

#include "trace/sample.h"

#include <optional>
#include <span>

namespace gradwatt {

/// How often to read: what the user asked for, or else
/// - two and a half times in a power sensor's update period, so that each of its values is read
///   whatever the phase, but no more than fifty times a second;
/// - ten times a second where there are counters, which lose nothing between readings;
/// - twice a second where there are estimates only, which more readings would not make better.
/// Example: a GPU without an energy counter whose power is renewed every 100 ms: 40 ms.
[[nodiscard]] Duration reading_interval(std::span<const SourceColumns> sources,
                                        std::optional<Duration> asked = std::nullopt);

}  // namespace gradwatt
