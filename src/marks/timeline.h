#pragma once

#include "marks/mark.h"
#include "units/instant.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

struct MarkedPhaseSpan {
  std::string name;
  Instant begin;
  Instant end;
};

struct MarkedEpoch {
  int epoch = 0;
  Instant begin;
  Instant end;
  bool complete = true;  ///< Ended by a mark, not by the end of the run.
  std::optional<std::int64_t> samples;
  std::optional<std::int64_t> steps;
  std::map<std::string, double> metrics;
};

/// What a run's marks say, in order: epochs that do not overlap, phases that nest.
struct Timeline {
  std::vector<MarkedEpoch> epochs;
  std::vector<MarkedPhaseSpan> phases;    ///< In order of their begin; may span epochs.
  std::map<std::string, double> metrics;  ///< Sent before the first epoch.
  std::map<std::string, std::string> params;
  std::map<std::string, std::string> tags;
  std::optional<int> epochs_total;
  std::vector<std::string> notes;
  int unmatched = 0;  ///< Ends without a begin, values that are no numbers.
  int unknown = 0;    ///< Marks with a key this version does not know.
};

/// What a mark's value is to its key.
enum class MarkSense { good, unparsable, unknown_key };
/// Example: EPOCH=3 is good, EPOCH=x unparsable, SPEED=3 has an unknown key.
[[nodiscard]] MarkSense sense_of(const std::string& key, const std::string& value);

/// Derives the timeline of a run that lasted from `begin` to `end`.
///
/// Marks are taken in order of their time (a client may deliver late what it could not send), and
/// one that repeats a sender's sequence number is the same mark again. Times are held inside the
/// run. EPOCH=n ends the open epoch; a metric belongs to the open epoch or, with none open, to the
/// one that ended last. What is still open at `end` ends there and is not complete. Of a job of
/// several processes rank 0 tells the timeline: marks of other ranks are left out.
[[nodiscard]] Timeline timeline_of(std::vector<Mark> marks, Instant begin, Instant end);

}  // namespace gradwatt
