#include "data/made_photograph.h"

#include "data/random_order.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace gradwatt {
namespace {

constexpr float kFullTurn = 6.2831853F;

using SceneColour = std::array<float, 3>;

class SceneRandom {
 public:
  explicit SceneRandom(std::uint64_t seed) : random_(seed) {}
  /// From low to below high.
  float between(float low, float high) {
    return low + (high - low) * static_cast<float>(random_.next() >> 40U) * 0x1p-24F;
  }
  int below(int bound) {
    return static_cast<int>(random_.below(static_cast<std::uint32_t>(bound)));
  }

 private:
  SplitMix64 random_;
};

/// Full colours around the wheel: hue 0 red, 1/3 green, 2/3 blue.
SceneColour of_hue(float hue, float value) {
  SceneColour colour{};
  for (std::size_t i = 0; i < 3; ++i) {
    const float turn = (hue - static_cast<float>(i) / 3) * kFullTurn;
    colour[i] = value * (0.55F + 0.45F * std::cos(turn));
  }
  return colour;
}

enum class ScenePattern { stripes, rings, checks };

/// What all photographs of a class share.
struct SceneKind {
  int corners = 3;
  float depth = 0;    ///< Of the corners, as a share of the radius.
  float stretch = 1;  ///< Width by height.
  float hues[2] = {0, 0};
  ScenePattern pattern = ScenePattern::stripes;
  float waves = 3;  ///< Of the pattern across the radius.

  SceneKind(std::uint64_t seed, int kind) {
    SceneRandom random(SplitMix64(seed ^ 0x6b696e64U).next() + static_cast<std::uint64_t>(kind));
    corners = 2 + random.below(6);
    depth = random.between(0.05F, 0.45F);
    stretch = random.between(0.7F, 1.4F);
    hues[0] = random.between(0, 1);
    hues[1] = hues[0] + random.between(0.25F, 0.75F);
    pattern = static_cast<ScenePattern>(random.below(3));
    waves = random.between(1.5F, 5);
  }
};

ImageShape scene_shape(SceneRandom& random) {
  switch (random.below(8)) {
    case 0:
      return {.height = 200 + random.below(441), .width = 200 + random.below(441), .channels = 3};
    case 1:
    case 2:
      return {.height = 500, .width = 375, .channels = 3};
    default:
      return {.height = 375, .width = 500, .channels = 3};
  }
}

/// What belongs to one photograph.
struct SceneShot {
  ImageShape shape;
  float radius = 0;
  float x = 0;
  float y = 0;
  float turn = 0;
  float phase = 0;
  float light = 1;
  float light_x = 0;
  float noise = 0;
  std::array<SceneColour, 2> thing{};
  std::array<SceneColour, 2> background{};
  float grain_x = 0;  ///< Of the background, waves per pixel.
  float grain_y = 0;
  float bar_x = 0;  ///< Something in front: a slanted bar of this colour.
  float bar_slant = 0;
  SceneColour bar{};

  SceneShot(const SceneKind& kind, SceneRandom& random) : shape(scene_shape(random)) {
    const auto height = static_cast<float>(shape.height);
    const auto width = static_cast<float>(shape.width);
    radius = std::min(height, width) * random.between(0.26F, 0.46F);
    x = width * random.between(0.38F, 0.62F);
    y = height * random.between(0.38F, 0.62F);
    turn = random.between(-0.6F, 0.6F);
    phase = random.between(0, kFullTurn);
    light = random.between(0.65F, 1.15F);
    light_x = random.between(-0.3F, 0.3F) / width;
    noise = random.between(4, 26);
    for (std::size_t i = 0; i < 2; ++i) {
      thing[i] = of_hue(kind.hues[i] + random.between(-0.05F, 0.05F), random.between(150, 255));
      background[i] = of_hue(random.between(0, 1), random.between(60, 240));
    }
    grain_x = random.between(-0.2F, 0.2F);
    grain_y = random.between(-0.2F, 0.2F);
    bar_x = width * random.between(-0.5F, 1.5F);
    bar_slant = random.between(-0.8F, 0.8F);
    bar = of_hue(random.between(0, 1), random.between(30, 200));
  }
};

SceneColour blended(const SceneColour& a, const SceneColour& b, float share) {
  SceneColour colour{};
  for (std::size_t i = 0; i < 3; ++i) {
    colour[i] = a[i] + (b[i] - a[i]) * share;
  }
  return colour;
}

/// The colour of the thing at (u, v) in units of its radius, or of what is behind it.
struct ScenePainter {
  const SceneKind& kind;
  const SceneShot& shot;
  float turn_cos = std::cos(shot.turn);
  float turn_sin = std::sin(shot.turn);

  [[nodiscard]] bool is_thing(float u, float v) const {
    const float distance = std::sqrt(u * u + v * v);
    if (distance > 1) {
      return false;
    }
    const float angle = std::atan2(v, u) * static_cast<float>(kind.corners);
    return distance < 1 - kind.depth * (0.5F + 0.5F * std::cos(angle));
  }

  [[nodiscard]] float pattern_at(float u, float v) const {
    const float wave = kind.waves * kFullTurn / 2;
    switch (kind.pattern) {
      case ScenePattern::stripes:
        return std::sin(u * wave + shot.phase);
      case ScenePattern::rings:
        return std::sin(std::sqrt(u * u + v * v) * wave * 1.5F + shot.phase);
      case ScenePattern::checks:
        break;
    }
    return std::sin(u * wave + shot.phase) * std::sin(v * wave + shot.phase);
  }

  [[nodiscard]] SceneColour at(float x, float y) const {
    const auto height = static_cast<float>(shot.shape.height);
    const float from_bar = x - shot.bar_x - shot.bar_slant * y;
    if (std::abs(from_bar) < 0.03F * height) {
      return shot.bar;
    }
    const float dx = (x - shot.x) / shot.radius;
    const float dy = (y - shot.y) / shot.radius;
    const float u = (dx * turn_cos + dy * turn_sin) / kind.stretch;
    const float v = (dy * turn_cos - dx * turn_sin) * kind.stretch;
    if (is_thing(u, v)) {
      return blended(shot.thing[0], shot.thing[1], pattern_at(u, v) > 0 ? 0.85F : 0.1F);
    }
    const float grain = 0.15F * std::sin(x * shot.grain_x + y * shot.grain_y);
    return blended(shot.background[0], shot.background[1], y / height + grain);
  }
};

}  // namespace

MadePhotograph made_photograph(std::uint64_t seed, int kind, std::int64_t number) {
  const SceneKind scene_kind(seed, kind);
  SceneRandom random(SplitMix64(seed + 0x70686f746fU).next() +
                     static_cast<std::uint64_t>(number) * 0x9e3779b97f4a7c15U);
  const SceneShot shot(scene_kind, random);
  const ScenePainter painter{scene_kind, shot};
  MadePhotograph photograph{shot.shape, {}};
  photograph.pixels.reserve(static_cast<std::size_t>(shot.shape.size()));
  for (std::int64_t row = 0; row < shot.shape.height; ++row) {
    for (std::int64_t column = 0; column < shot.shape.width; ++column) {
      const auto x = static_cast<float>(column);
      const SceneColour colour = painter.at(x, static_cast<float>(row));
      const float light =
          shot.light + shot.light_x * (x - static_cast<float>(shot.shape.width) / 2);
      const float noise = random.between(-shot.noise, shot.noise);
      for (const float channel : colour) {
        photograph.pixels.push_back(
            static_cast<std::uint8_t>(std::clamp(channel * light + noise, 0.0F, 255.0F)));
      }
    }
  }
  return photograph;
}

}  // namespace gradwatt
