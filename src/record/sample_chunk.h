#pragma once

#include "trace/sample.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// Some hundred readings of one source, by column: what one row of samples_<s> holds.
struct SampleChunk {
  using Column = std::vector<std::optional<std::int64_t>>;

  std::vector<std::int64_t> times_us;  ///< Rising.
  std::vector<Column> energies_uj;     ///< One column per channel: since the run began.
  std::vector<Column> powers_mw;       ///< Likewise, or empty: no power sensor has said anything.

  [[nodiscard]] std::size_t size() const { return times_us.size(); }
  bool operator==(const SampleChunk&) const = default;
};

/// Adds a reading at `time_us`, or replaces the last one when that was in the same microsecond: the
/// later reading knows more. One from before the last is left out: energies are cumulative, so it
/// says nothing new, and times have to rise.
void add_reading(SampleChunk& chunk, std::int64_t time_us, const SampleRow& row);

/// The chunk as bytes, about 5 per reading with one channel and 3.5 per reading and channel with
/// eight at 10 Hz (docs/store.md has the layout). Times and energies are differences of
/// differences, powers differences, all divided by their greatest common divisor, which makes a
/// counter that counts millijoules as small as its unit; then zigzag and base-128 varints.
/// Source    the variable-length integers of https://protobuf.dev/programming-guides/encoding/;
///           differences of differences for times as in Facebook's Gorilla (VLDB 2015).
[[nodiscard]] std::string encode_chunk(const SampleChunk& chunk);

/// Takes any bytes. nullopt when they are no chunk: cut short, too long, or times that do not rise.
[[nodiscard]] std::optional<SampleChunk> decode_chunk(std::string_view bytes);

}  // namespace gradwatt
