#pragma once

#include "record/store.h"
#include "report/run_view.h"

namespace gradwatt {

/// A stored run as reports show it. A node file that cannot be read now leaves the account out and
/// says why; it is no error, for the rest of the run is still worth showing.
[[nodiscard]] RunView run_view_of(const StoredRun& run);

/// What its manifest alone says of a run.
[[nodiscard]] RunView run_view_without_account(const Manifest& manifest);

}  // namespace gradwatt
