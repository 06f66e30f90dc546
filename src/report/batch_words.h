#pragma once

#include "report/recommendation_view.h"

#include <string>

namespace gradwatt {

/// What the batch sizes of a grid say together (batch_model.h), as one sentence: from where on the
/// samples cost more than the steps, from where on larger batches need more of them, and where both
/// together cost least. Empty: fewer than three batch sizes have a cost.
[[nodiscard]] std::string batch_words(const RecommendationView& view);

}  // namespace gradwatt
