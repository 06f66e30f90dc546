#pragma once

#include "record/imported_run.h"
#include "trace/meter_alignment.h"
#include "trace/run_account.h"

#include <string>
#include <vector>

namespace gradwatt {

/// Clocks that are set now and then differ by less.
inline constexpr double kClocksWithin_s = 60;

/// Aligns a meter's readings with the channels of `run` and keeps them beside what was recorded, in
/// RUN/meter-<n>/: a node file of its own and meter.json, which says how the clocks stand to each
/// other. What the run recorded is not touched. Throws Error when the two cannot be aligned.
/// `clocks_within_s`: see align_table().
MeterAlignment import_meter(const StoredRun& run,
                            const PowerTable& table,
                            const MeterFacts& facts,
                            double clocks_within_s = kClocksWithin_s);

/// A meter that was imported into a run: its channel "wall" over the run's time, never in a total.
struct ImportedMeter {
  ChannelAccount account;  ///< Its note tells how it was aligned.
  MeterAlignment alignment;
};

/// Those in `folder`, in order of their import. Throws Error for damaged files.
[[nodiscard]] std::vector<ImportedMeter> imported_meters(const std::filesystem::path& folder);

/// Finds where on the table's clock `reference`, in seconds since `started_at`, was recorded. Where
/// the table has Unix times the place is looked for within `clocks_within_s` of what they say:
/// the more places are tried, the better the best of them fits by chance.
[[nodiscard]] AlignmentResult align_table(const PowerTable& table,
                                          const EnergyCurve& reference,
                                          WallTime started_at,
                                          double clocks_within_s = kClocksWithin_s);

}  // namespace gradwatt
