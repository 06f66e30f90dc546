#include "analyze/relative_to_worst.h"

#include <algorithm>

namespace gradwatt {

std::vector<std::optional<double>> relative_to_worst(
    std::span<const std::optional<double>> energies) {
  double worst = 0;
  for (const auto& energy : energies) {
    worst = std::max(worst, energy.value_or(0));
  }
  std::vector<std::optional<double>> shares;
  for (const auto& energy : energies) {
    shares.push_back(energy && worst > 0 ? std::optional(*energy / worst) : std::nullopt);
  }
  return shares;
}

std::optional<double> best_share(std::span<const std::optional<double>> energies) {
  int known = 0;
  double best = 1;
  for (const auto& share : relative_to_worst(energies)) {
    if (share) {
      ++known;
      best = std::min(best, *share);
    }
  }
  return known >= 2 ? std::optional(best) : std::nullopt;
}

}  // namespace gradwatt
