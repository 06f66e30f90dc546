#pragma once

#include <cstdint>

namespace gradwatt {

/// Random numbers that are the same for a seed on every machine and library; those of <random>'s
/// distributions are not. Cheap to make: one per simulated run. Source: SplitMix64, Steele, Lea and
/// Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
class RandomStream {
 public:
  explicit RandomStream(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15U;
    return mixed(state_);
  }
  /// In [0, 1).
  double unit() { return as_unit(next()); }
  double between(double low, double high) { return low + (high - low) * unit(); }

  /// The number at a place, without those before it: in [0, 1).
  [[nodiscard]] static double unit_at(std::uint64_t seed, std::uint64_t place) {
    return as_unit(mixed(seed + (place + 1) * 0x9e3779b97f4a7c15U));
  }

 private:
  static std::uint64_t mixed(std::uint64_t z) {
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }
  static double as_unit(std::uint64_t bits) { return static_cast<double>(bits >> 11U) * 0x1p-53; }

  std::uint64_t state_;
};

}  // namespace gradwatt
