#pragma once

#include "record/power_table.h"
#include "record/store.h"

#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// What is known of a meter besides its readings.
struct MeterFacts {
  std::string method;  ///< "counter", "power" or "model"; empty: what the table's kind says.
  std::optional<double> gain;  ///< Relative error of its scale; absent: 5 % are assumed.
};

/// A run that gradwatt did not watch, from what a meter wrote down.
struct ImportedRun {
  std::string name;
  std::map<std::string, std::string> tags;
  std::vector<std::string> command;  ///< What to show as the command.
  MeterFacts meter;
  std::vector<TimedMark> marks;
  WallTime now;  ///< The start of a run whose times are no Unix times.
};

/// Makes a run of `table`. Its folder appears as a whole or, on an Error, not at all.
///
/// A wait of more than ten usual steps is a gap: of a counter it costs resolution, of a power
/// sensor energy. Several channels are parts that add up; one that is called wall, node or total
/// is shown beside the others, for it contains them.
[[nodiscard]] StoredRun import_run(const Store& store,
                                   const PowerTable& table,
                                   const ImportedRun& options);

/// Whether the table's times count from 1970.
[[nodiscard]] bool has_unix_times(const PowerTable& table);

}  // namespace gradwatt
