#pragma once

#include "report/search_view.h"

#include <string>

namespace gradwatt {

/// What the fresh runs of the chosen setup and the runner-up needed; without any, that luck is not
/// excluded. Takes a search that chose one, as do the others.
[[nodiscard]] std::string confirm_sentence(const SearchView& view);

/// The ratio of these fresh runs with its interval and evidence. Empty where they allow no ratio.
[[nodiscard]] std::string contrast_sentence(const SearchView& view);

/// After how many trainings the search has paid for itself.
[[nodiscard]] std::string payback_sentence(const SearchView& view);

}  // namespace gradwatt
