#pragma once

#include <cstdint>
#include <vector>

namespace gradwatt {

/// SplitMix64, a small generator whose output is the same on every machine and library.
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
/// Example: seeded with 0 it gives 0xe220a8397b1dcdaf first.
class SplitMix64 {
 public:
  explicit SplitMix64(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next();

  /// An integer in [0, bound), each equally likely; bound > 0.
  /// Source: Lemire, "Fast random integer generation in an interval", ACM TOMACS 29 (2019).
  std::uint32_t below(std::uint32_t bound);

 private:
  std::uint64_t state_;
};

/// 0 ... count-1 in an order that depends on (count, seed, epoch) alone, each order equally likely:
/// the Fisher-Yates shuffle over SplitMix64. A run can so be resumed at any epoch.
[[nodiscard]] std::vector<std::int64_t> random_order(std::int64_t count,
                                                     std::uint64_t seed,
                                                     std::uint64_t epoch);

}  // namespace gradwatt
