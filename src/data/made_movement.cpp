#include "data/made_movement.h"

#include "base/expects.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gradwatt {
namespace {

constexpr double kGravity = 9.81;  // m/s²
constexpr double kStep_s = 0.01;

/// How an activity moves. `kind` and `posture` are seeds: equal ones look alike.
struct Movement {
  int activity;
  int kind;
  int posture;
  double frequency_hz;
  std::array<double, 3> strength_mps2;  ///< Hand, chest, ankle.
  double harmonic;
  double heart_rate;
};

constexpr std::array<Movement, 16> kMovements{{
    {0, 0, 3, 0.9, {2.0, 1.0, 1.6}, 0.4, 95},
    {1, 1, 1, 0.25, {0.25, 0.15, 0.10}, 0.0, 70},
    {2, 1, 2, 0.25, {0.40, 0.15, 0.10}, 0.0, 76},
    {3, 1, 3, 0.45, {0.60, 0.35, 0.30}, 0.0, 84},
    {4, 4, 3, 1.85, {3.0, 2.2, 6.0}, 0.5, 105},
    {5, 5, 3, 2.70, {9.0, 7.5, 14.0}, 0.6, 155},
    {6, 6, 6, 1.15, {0.9, 0.8, 4.0}, 0.2, 120},
    {7, 4, 3, 1.45, {4.8, 2.4, 6.2}, 0.7, 120},
    {12, 12, 3, 1.30, {2.2, 1.9, 4.4}, 0.35, 130},
    {13, 12, 3, 1.85, {2.4, 2.3, 4.8}, -0.45, 125},
    {16, 16, 3, 0.60, {2.6, 1.1, 1.0}, 0.3, 100},
    {17, 16, 3, 1.05, {2.2, 0.5, 0.4}, -0.3, 92},
    {18, 18, 3, 0.8, {2.4, 0.6, 0.5}, 0.2, 92},
    {19, 19, 3, 0.9, {2.5, 1.0, 1.2}, 0.3, 105},
    {20, 20, 3, 2.2, {5.0, 4.0, 9.0}, 0.5, 150},
    {24, 24, 3, 2.05, {6.0, 8.0, 11.0}, 0.8, 160},
}};

const Movement& movement_of(int activity) {
  const auto* const found =
      std::find_if(kMovements.begin(), kMovements.end(), [&](const Movement& movement) {
        return movement.activity == activity;
      });
  expects(found != kMovements.end(), "an activity that can be made");
  return *found;
}

Vector3 unit_vector(MadeNoise& noise) {
  Vector3 v{noise.normal(), noise.normal(), noise.normal()};
  const double length = std::max(1e-3, std::hypot(v[0], v[1], v[2]));
  for (double& x : v) {
    x /= length;
  }
  return v;
}

/// v turned about x, then y, then z by the angles of `tilt`.
Vector3 tilted(Vector3 v, const Vector3& tilt) {
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const std::size_t a = (axis + 1) % 3;
    const std::size_t b = (axis + 2) % 3;
    const double c = std::cos(tilt[axis]);
    const double s = std::sin(tilt[axis]);
    const double turned = c * v[a] - s * v[b];
    v[b] = s * v[a] + c * v[b];
    v[a] = turned;
  }
  return v;
}

void tilt_waves(const Vector3& tilt, std::initializer_list<Vector3*> waves) {
  for (Vector3* wave : waves) {
    *wave = tilted(*wave, tilt);
  }
}

}  // namespace

double MadeNoise::uniform() { return static_cast<double>(random_.next() >> 11U) * 0x1p-53; }

double MadeNoise::normal() {
  const std::uint64_t bits = random_.next();
  const auto sum = static_cast<double>((bits & 0xffffU) + ((bits >> 16U) & 0xffffU) +
                                       ((bits >> 32U) & 0xffffU) + (bits >> 48U));
  // Four uniform numbers have mean 2 and variance 1/3.
  return (sum / 65536.0 - 2.0) * std::numbers::sqrt3;
}

MadePerson::MadePerson(std::uint64_t seed, int subject) {
  MadeNoise noise(SplitMix64(seed ^ (static_cast<std::uint64_t>(subject) << 32U)).next());
  tempo = 1 + 0.02 * noise.normal();
  strength = 1 + 0.06 * noise.normal();
  for (Vector3& angles : tilt) {
    for (double& angle : angles) {
      angle = 0.06 * noise.normal();
    }
  }
}

MadeMovement::MadeMovement(int activity, const MadePerson& person, std::uint64_t seed)
    : activity_(activity), person_(person), noise_(seed) {
  const Movement& movement = movement_of(activity);
  phase_ = 2 * std::numbers::pi * noise_.uniform();
  phase_step_ = 2 * std::numbers::pi * movement.frequency_hz * person.tempo * kStep_s;
  heading_ = 2 * std::numbers::pi * noise_.uniform();
  for (std::size_t sensor = 0; sensor < 3; ++sensor) {
    MadeNoise kind(SplitMix64(static_cast<std::uint64_t>(movement.kind * 8) + sensor).next());
    MadeNoise posture(
        SplitMix64(static_cast<std::uint64_t>(1000 + movement.posture * 8) + sensor).next());
    Wave& wave = waves_[sensor];
    wave.direction = unit_vector(posture);
    const double strength =
        movement.strength_mps2[sensor] * person.strength * (1 + 0.08 * noise_.normal());
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const double share = strength * (0.3 + 0.7 * kind.uniform());
      const double first = 2 * std::numbers::pi * kind.uniform();
      const double second = 2 * std::numbers::pi * kind.uniform();
      wave.sine[axis] = share * std::cos(first);
      wave.cosine[axis] = share * std::sin(first);
      wave.sine2[axis] = share * movement.harmonic * std::cos(second);
      wave.cosine2[axis] = share * movement.harmonic * std::sin(second);
      const double turn = 0.25 * strength * (0.3 + 0.7 * kind.uniform());
      const double third = 2 * std::numbers::pi * kind.uniform();
      wave.turn_sine[axis] = turn * std::cos(third);
      wave.turn_cosine[axis] = turn * std::sin(third);
    }
    tilt_waves(person.tilt[sensor],
               {&wave.direction,
                &wave.sine,
                &wave.cosine,
                &wave.sine2,
                &wave.cosine2,
                &wave.turn_sine,
                &wave.turn_cosine});
  }
}

const std::array<MovementReading, 3>& MadeMovement::next() {
  phase_ += phase_step_ * (1 + 0.05 * noise_.normal());
  heading_ += 0.004 * noise_.normal();
  const double s = std::sin(phase_);
  const double c = std::cos(phase_);
  const double s2 = 2 * s * c;
  const double c2 = 1 - 2 * s * s;
  const double north = std::cos(heading_);
  const double east = std::sin(heading_);
  for (std::size_t sensor = 0; sensor < 3; ++sensor) {
    const Wave& wave = waves_[sensor];
    MovementReading& reading = now_[sensor];
    auto& fidget = fidget_[sensor];
    for (double& x : fidget) {
      x += 0.01 * noise_.normal() - 0.002 * x;
    }
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const std::size_t beside = (axis + 1) % 3;
      const std::size_t other = (axis + 2) % 3;
      const double gravity = kGravity * (wave.direction[axis] + fidget[0] * wave.direction[beside] +
                                         fidget[1] * wave.direction[other]);
      reading.acceleration_mps2[axis] = gravity + wave.sine[axis] * s + wave.cosine[axis] * c +
                                        wave.sine2[axis] * s2 + wave.cosine2[axis] * c2 +
                                        0.5 * noise_.normal();
      reading.turning_radps[axis] =
          wave.turn_sine[axis] * s + wave.turn_cosine[axis] * c + 0.1 * noise_.normal();
      reading.field_ut[axis] = -42 * wave.direction[axis] + 20 * north * wave.direction[beside] +
                               20 * east * wave.direction[other] + 1.5 * noise_.normal();
    }
  }
  return now_;
}

double MadeMovement::heart_rate() const { return movement_of(activity_).heart_rate; }

}  // namespace gradwatt
