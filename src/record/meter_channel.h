#pragma once

#include "record/imported_run.h"
#include "record/node_file.h"

namespace gradwatt {

/// A meter's channel as the books keep it: what it is, its readings and its gaps.
struct MeterChannel {
  ChannelInfo info;
  std::vector<SampleRow> samples;
  std::vector<GapRow> gaps;
};

/// The channel's readings as rows of source `source`.
///
/// Takes     where on the run's clock each reading is: `instants`, one for each.
[[nodiscard]] MeterChannel meter_channel(const PowerTable::Channel& channel,
                                         const MeterFacts& facts,
                                         const std::string& file,
                                         int source,
                                         const std::vector<Instant>& instants);

}  // namespace gradwatt
