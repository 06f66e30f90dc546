#include "analyze/equivalence.h"

#include <algorithm>

namespace gradwatt {

std::optional<double> equivalence_p(const MeanDifference& difference, double band) {
  const auto above = p_above(difference, -band);
  const auto below = p_below(difference, band);
  return above && below ? std::optional(std::max(*above, *below)) : std::nullopt;
}

}  // namespace gradwatt
