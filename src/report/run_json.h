#pragma once

#include "report/run_view.h"

#include <string>

namespace gradwatt {

/// A run as JSON, schema version 1; docs/json.md lists the fields. Energies in joules with six
/// decimals, which is exact: they are whole microjoules. A value that is not known is null.
[[nodiscard]] std::string run_to_json(const RunView& run);

}  // namespace gradwatt
