#pragma once

#include "data/random_order.h"

#include <array>
#include <cstdint>

namespace gradwatt {

/// Numbers for made data: uniform in [0, 1), and about normal (the sum of four uniform ones, which
/// stays within 3.5 deviations). The same on every machine.
class MadeNoise {
 public:
  explicit MadeNoise(std::uint64_t seed) : random_(seed) {}
  double uniform();
  double normal();

 private:
  SplitMix64 random_;
};

using Vector3 = std::array<double, 3>;

/// What one sensor reads at one time.
struct MovementReading {
  Vector3 acceleration_mps2{};
  Vector3 turning_radps{};
  Vector3 field_ut{};
};

/// How a made person differs from the others.
struct MadePerson {
  MadePerson(std::uint64_t seed, int subject);

  double tempo = 1;               ///< Of all that is periodic.
  double strength = 1;            ///< Of all movements.
  std::array<Vector3, 3> tilt{};  ///< Small rotation of each sensor, about x, y and z in rad.
};

/// One stretch of one activity of a made person.
///
/// A sensor (0 hand, 1 chest, 2 ankle) reads gravity in the direction of the activity's posture,
/// plus along each axis
///   a (sin(p + u) + h sin(2p + v)),   p = 2 pi f t
/// with frequency f, strength a and harmonic h of the activity, directions and phases u, v of its
/// kind of movement, then the person's tilt and noise. Some activities share a kind: stairs up and
/// down, walking and nordic walking, vacuum cleaning and ironing; they
/// differ in f, a and h a little.
class MadeMovement {
 public:
  MadeMovement(int activity, const MadePerson& person, std::uint64_t seed);

  /// The next reading of all sensors; 10 ms pass between two.
  const std::array<MovementReading, 3>& next();
  /// Beats per minute that the activity tends to.
  [[nodiscard]] double heart_rate() const;

 private:
  struct Wave {
    Vector3 direction{};
    Vector3 sine{}, cosine{}, sine2{}, cosine2{};  ///< [axis], of acceleration.
    Vector3 turn_sine{}, turn_cosine{};            ///< [axis], of turning.
  };

  int activity_;
  MadePerson person_;
  MadeNoise noise_;
  double phase_ = 0;
  double phase_step_ = 0;
  double heading_ = 0;
  std::array<std::array<double, 2>, 3> fidget_{};  ///< Slow wandering of each sensor's posture.
  std::array<Wave, 3> waves_;
  std::array<MovementReading, 3> now_;
};

}  // namespace gradwatt
