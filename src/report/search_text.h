#pragma once

#include "report/search_view.h"

#include <string>

namespace gradwatt {

/// What a search found, at which cost and how sure that is, in one table and a few sentences.
[[nodiscard]] std::string search_text(const SearchView& view);

/// How well strategies do on recorded trainings, as one table.
[[nodiscard]] std::string replay_text(const ReplayView& view);

}  // namespace gradwatt
