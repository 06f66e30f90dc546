#pragma once

#include "cli/run_source.h"
#include "report/carbon_view.h"

#include <string>
#include <vector>

namespace gradwatt {

/// The runs that selectors name, as users of electricity; of a table without selectors, all.
/// Takes   with_course: also when each used its energy, which takes reading it whole.
[[nodiscard]] std::vector<CarbonRun> carbon_runs(const RunSource& source,
                                                 const std::vector<std::string>& selectors,
                                                 bool with_course);

/// A stored run as a user of electricity.
[[nodiscard]] CarbonRun carbon_run_of(const StoredRun& run, bool with_course);

}  // namespace gradwatt
