#include "report/batch_words.h"

#include "report/recommendation_words.h"
#include "units/show.h"

#include <fmt/format.h>

#include <cmath>

namespace gradwatt {
namespace {

/// B_half, or which of the two parts of an epoch's cost was not found.
std::string half_batch_words(const EpochCostByBatch& cost) {
  if (!std::isfinite(cost.half_batch)) {
    return "an epoch's steps cost more than its samples at all of them";
  }
  return cost.half_batch > 0
             ? fmt::format("below {:.3g} an epoch's steps cost more than its samples",
                           cost.half_batch)
             : "an epoch's steps cost nothing beside its samples";
}

}  // namespace

std::string batch_words(const RecommendationView& view) {
  const auto& model = view.recommendation.batch;
  if (!model) {
    return "";
  }
  std::string words = fmt::format("{}, by a model: {}",
                                  printable(view.grid.axes[model->axis].name),
                                  half_batch_words(model->cost));
  if (!model->epochs) {
    return words;
  }
  if (!model->epochs->critical) {
    return words +
           "; from where on larger ones need more epochs is not identifiable from these "
           "runs";
  }
  words += fmt::format("; from {:.3g} on, twice as large needs up to twice the epochs",
                       *model->epochs->critical);
  return words +
         (model->cheapest ? fmt::format("; cheapest at about {:.3g}", *model->cheapest) : "");
}

}  // namespace gradwatt
