#include "data/random_order.h"

#include "base/expects.h"

#include <limits>
#include <numeric>
#include <utility>

namespace gradwatt {

std::uint64_t SplitMix64::next() {
  state_ += 0x9e3779b97f4a7c15U;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

std::uint32_t SplitMix64::below(std::uint32_t bound) {
  expects(bound > 0, "a bound above 0");
  const std::uint32_t uneven = (0U - bound) % bound;
  while (true) {
    const std::uint64_t product = (next() >> 32U) * bound;
    // The first `uneven` fractions would make some results likelier than others.
    if (static_cast<std::uint32_t>(product) >= uneven) {
      return static_cast<std::uint32_t>(product >> 32U);
    }
  }
}

std::vector<std::int64_t> random_order(std::int64_t count,
                                       std::uint64_t seed,
                                       std::uint64_t epoch) {
  expects(count >= 0 && count <= std::numeric_limits<std::uint32_t>::max(),
          "a count that 32 bits hold");
  // Two rounds of mixing keep the streams of neighbouring seeds and epochs apart.
  SplitMix64 random(SplitMix64(SplitMix64(seed).next() ^ epoch).next());
  std::vector<std::int64_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  for (std::size_t left = order.size(); left > 1; --left) {
    std::swap(order[left - 1], order[random.below(static_cast<std::uint32_t>(left))]);
  }
  return order;
}

}  // namespace gradwatt
