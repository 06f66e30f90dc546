#pragma once

#include "trace/run_account.h"

#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// One reading of one source: the cumulative energy of each of its channels since the run began.
struct SampleRow {
  int source = 0;  ///< Index into the run's sources.
  Instant time;
  std::vector<std::optional<Energy>> channels;  ///< nullopt: this channel could not be read.
};

struct GapRow {
  int source = 0;
  GapAccount gap;
};

/// The channels of one source, in the order of its columns.
struct SourceColumns {
  std::string source;
  std::vector<ChannelInfo> channels;
};

}  // namespace gradwatt
