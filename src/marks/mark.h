#pragma once

#include "units/instant.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// What a training program says about itself at one moment: one KEY=VALUE line.
struct Mark {
  Instant time;      ///< When it was true: the sender's T, else the moment it arrived.
  Instant received;  ///< When it arrived.
  std::optional<std::uint64_t> seq;
  std::optional<std::int64_t> pid;
  std::string key;
  std::string value;
  std::optional<int> rank = std::nullopt;  ///< Of the sender among the processes of its job.

  bool operator==(const Mark&) const = default;
};

struct ParsedMarks {
  std::vector<Mark> marks;
  int rejected = 0;  ///< Lines that are no KEY=VALUE, hold control characters or are too long.
};

/// Reads one datagram: lines of KEY=VALUE, where T, SEQ, PID and RANK describe the whole datagram.
///
/// A sender's time after `received` cannot be; such a mark takes `received`. Keys are upper-case
/// letters, digits and '_'; any such key is kept, known or not. A line is at most 4096 bytes.
/// Example: "EPOCH=3\nT=5000\nSEQ=7" received at 9000 is one mark, EPOCH=3 at 5000 ns.
[[nodiscard]] ParsedMarks parse_marks(std::string_view datagram, Instant received);

}  // namespace gradwatt
