#include "data/class_subset.h"

#include "base/expects.h"
#include "data/random_order.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace gradwatt {
namespace {

/// 3 * (1.0 / 3) is to be 1, whatever rounding made of it.
constexpr double kRounding = 1e-9;

/// How many of each class are kept.
std::vector<std::int64_t> kept_of_each(const std::vector<std::vector<std::int64_t>>& members,
                                       std::size_t samples,
                                       double share) {
  std::vector<std::int64_t> kept;
  std::vector<double> lost;
  for (const auto& of_class : members) {
    const double exact = static_cast<double>(of_class.size()) * share;
    kept.push_back(static_cast<std::int64_t>(std::floor(exact + kRounding)));
    lost.push_back(exact - static_cast<double>(kept.back()));
  }
  std::vector<std::size_t> order(members.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(
      order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return lost[a] > lost[b]; });
  auto left =
      static_cast<std::int64_t>(std::floor(static_cast<double>(samples) * share + kRounding));
  left -= std::accumulate(kept.begin(), kept.end(), std::int64_t{0});
  for (std::size_t i = 0; left > 0; ++i, --left) {
    ++kept[order.at(i)];
  }
  return kept;
}

}  // namespace

std::vector<std::int64_t> class_subset(std::span<const std::uint16_t> classes,
                                       int class_count,
                                       double share,
                                       std::uint64_t seed) {
  expects(share > 0 && share <= 1, "a share of the samples");
  std::vector<std::vector<std::int64_t>> members(static_cast<std::size_t>(class_count));
  for (std::size_t i = 0; i < classes.size(); ++i) {
    members.at(classes[i]).push_back(static_cast<std::int64_t>(i));
  }
  const std::vector<std::int64_t> kept = kept_of_each(members, classes.size(), share);
  std::vector<std::int64_t> chosen;
  for (std::size_t c = 0; c < members.size(); ++c) {
    auto order = random_order(static_cast<std::int64_t>(members[c].size()), seed, c);
    order.resize(static_cast<std::size_t>(kept[c]));
    for (const std::int64_t member : order) {
      chosen.push_back(members[c][static_cast<std::size_t>(member)]);
    }
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

}  // namespace gradwatt
