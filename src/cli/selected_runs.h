#pragma once

#include "analyze/table.h"
#include "cli/run_source.h"

#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// What the selectors name; without one, the whole table.
[[nodiscard]] std::vector<RunRow> selected_runs(const RunSource& source,
                                                const std::vector<std::string>& selectors);

/// For titles: the selectors, else the table's name. Example: "runs.csv", "study, tag:night".
[[nodiscard]] std::string selection_words(const RunSource& source,
                                          const std::vector<std::string>& selectors);

/// "factor.job,model" as job and model; "none" as no factor; nullopt for an empty text.
[[nodiscard]] std::optional<std::vector<std::string>> factor_list(const std::string& text);

}  // namespace gradwatt
