#include "report/fresh_words.h"

#include "base/expects.h"
#include "report/recommendation_words.h"

#include <fmt/format.h>

namespace gradwatt {

std::string overruled_words(const RecommendationView& view) {
  expects(view.recommendation.overruled.has_value(), "a choice that fresh runs overruled");
  const SetupComparison& shown = *view.recommendation.overruled;
  const auto more = [](double ratio) { return 100 * (1 / ratio - 1); };
  // They overruled it by an interval, so there is one.
  const Interval& ratio = *shown.ratio.interval;
  const bool is_shown = shown.evidence != Evidence::d;
  return fmt::format(
      "fresh runs contradict the sweep: {}, its cheapest, {} {:.0f} % [{:.0f}, "
      "{:.0f}] more {} than {}{}",
      setup_words(view.grid, shown.against),
      is_shown ? "likely costs" : "cost",
      more(shown.ratio.value),
      more(ratio.hi),
      more(ratio.lo),
      minimised_words(view.grid),
      setup_words(view.grid, shown.setup),
      is_shown ? "" : " in them, which is not shown after so many comparisons");
}

std::string fresh_role(const Recommendation& recommendation, const SetupComparison& comparison) {
  if (recommendation.overruled && recommendation.overruled->against == comparison.against) {
    return "the cheapest of the sweep's own runs";
  }
  const bool is_second = recommendation.comparisons.front().against == comparison.against;
  return is_second && !recommendation.overruled ? "the second of the sweep" : "run afresh as well";
}

}  // namespace gradwatt
