#pragma once

#include "report/recommendation_view.h"

#include <string>

namespace gradwatt {

/// A piece of advice as sentences: what to do, what it changes and by how much, what it costs in
/// accuracy, and what following it takes. Without its evidence.
[[nodiscard]] std::string advice_words(const RecommendationView& view, const Advice& advice);

}  // namespace gradwatt
