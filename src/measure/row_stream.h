#pragma once

#include "measure/source.h"
#include "trace/sample.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace gradwatt {

/// What a sensor host tells when it has looked for its family.
struct HostFound {
  std::vector<Finding> findings;
  std::vector<SourceColumns> columns;
};

/// The first reading is done: the command may start.
struct HostStarted {};

/// The last thing it tells.
struct HostEnded {
  Duration cpu_time{};
  Duration reading_time{};
  std::int64_t readings = 0;
  std::int64_t late = 0;
  std::int64_t dropped = 0;  ///< Rows that found the pipe full.
};

using HostMessage = std::variant<HostFound, HostStarted, SampleRow, GapRow, StateRow, HostEnded>;

/// One message as one line of text, its newline included. Both ends are the same program, so the
/// format has no version.
[[nodiscard]] std::string line_of(const HostMessage& message);

/// The message of a line without its newline; nullopt for a line that is none.
[[nodiscard]] std::optional<HostMessage> parse_host_line(std::string_view line);

}  // namespace gradwatt
