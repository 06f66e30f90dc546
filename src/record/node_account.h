#pragma once

#include "record/node_file.h"
#include "trace/energy_book.h"
#include "trace/run_account.h"

#include <vector>

namespace gradwatt {

/// All channels of a node with their readings and gaps.
[[nodiscard]] EnergyBook book_of(const NodeRecord& record);

/// What each channel of the node consumed from the run's begin to its end, in the record's order.
[[nodiscard]] std::vector<ChannelAccount> channels_of(const EnergyBook& book,
                                                      const NodeRecord& record);

}  // namespace gradwatt
