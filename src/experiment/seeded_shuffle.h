#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <span>
#include <utility>

namespace gradwatt {

/// A number in [0, bound), each equally likely: draws beyond the last whole multiple of `bound` are
/// thrown away. The distributions of <random> differ between libraries; this one does not.
[[nodiscard]] inline std::uint64_t drawn_below(std::uint64_t bound, std::mt19937_64& random) {
  const std::uint64_t excess = (std::mt19937_64::max() % bound + 1) % bound;
  std::uint64_t draw = random();
  while (draw > std::mt19937_64::max() - excess) {
    draw = random();
  }
  return draw % bound;
}

/// Puts `items` in one of all orders, each equally likely, the same for a state of `random` on
/// every machine.
/// Source  Durstenfeld, Algorithm 235: Random permutation, Comm. ACM 7(7):420, 1964.
template <class Item>
void shuffle_seeded(std::span<Item> items, std::mt19937_64& random) {
  for (std::size_t last = items.size(); last > 1; --last) {
    std::swap(items[last - 1], items[drawn_below(last, random)]);
  }
}

}  // namespace gradwatt
