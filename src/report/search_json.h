#pragma once

#include "report/search_view.h"

#include <string>

namespace gradwatt {

/// The same as JSON, schema version 1; docs/sweeps.md lists the fields. Energies in joules. What is
/// not known is null.
[[nodiscard]] std::string search_to_json(const std::vector<SearchView>& repeats);
[[nodiscard]] std::string replay_to_json(const ReplayView& view);

}  // namespace gradwatt
