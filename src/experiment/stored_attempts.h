#pragma once

#include "analyze/table.h"
#include "experiment/attempt.h"
#include "record/run_index.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// The attempts of one sweep that a store holds. Remembers the finished ones, because reading a
/// run's energy costs more than listing it. Not thread-safe.
class StoredAttempts {
 public:
  StoredAttempts(const Store& store, std::string sweep, std::optional<Goal> goal);

  /// All runs of the sweep as they stand now, oldest first. Throws Error.
  [[nodiscard]] std::vector<Attempt> read();

 private:
  /// Whether the run's node file could be read.
  [[nodiscard]] bool add_account(Attempt& attempt, const StoredRun& run);

  RunIndex index_;
  std::string sweep_;
  std::optional<Goal> goal_;
  std::map<std::string, Attempt> finished_;  ///< By run id.
};

/// The seed that the newest run of the sweep was ordered by, for resuming; nullopt when there is
/// none.
[[nodiscard]] std::optional<std::uint64_t> recorded_seed(const Store& store,
                                                         const std::string& sweep);

/// The best value of a metric over all epochs; nullopt when no epoch has one that is finite.
[[nodiscard]] std::optional<double> best_metric(const RunAccount& account, const Goal& goal);

}  // namespace gradwatt
