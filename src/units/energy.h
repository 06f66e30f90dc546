#pragma once

#include "units/instant.h"

#include <cmath>
#include <compare>
#include <cstdint>

namespace gradwatt {

/// An energy in whole microjoules. Integers, so that parts add up to their whole exactly;
/// the range is ±9.2 TJ. Converting to joules is for arithmetic that leaves the books.
struct Energy {
  std::int64_t microjoules = 0;

  [[nodiscard]] static Energy from_joules(double joules) {
    return {static_cast<std::int64_t>(std::llround(joules * 1e6))};
  }
  [[nodiscard]] double joules() const { return static_cast<double>(microjoules) * 1e-6; }

  auto operator<=>(const Energy&) const = default;
  Energy& operator+=(Energy other) {
    microjoules += other.microjoules;
    return *this;
  }
  Energy& operator-=(Energy other) {
    microjoules -= other.microjoules;
    return *this;
  }
  friend Energy operator+(Energy a, Energy b) { return a += b; }
  friend Energy operator-(Energy a, Energy b) { return a -= b; }
  Energy operator-() const { return {-microjoules}; }
};

/// A power in watts.
struct Power {
  double watts = 0;

  auto operator<=>(const Power&) const = default;
  friend Power operator+(Power a, Power b) { return {a.watts + b.watts}; }
  friend Power operator-(Power a, Power b) { return {a.watts - b.watts}; }
  friend Power operator*(double factor, Power p) { return {factor * p.watts}; }
};

/// Example: 100 W for 2 s are 200 J.
[[nodiscard]] inline Energy operator*(Power power, Duration time) {
  return Energy::from_joules(power.watts * seconds(time));
}

}  // namespace gradwatt
