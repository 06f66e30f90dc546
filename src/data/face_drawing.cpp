#include "data/face_drawing.h"

#include "data/random_order.h"

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

constexpr float kFaceCentreX = 89;
constexpr float kFaceCentreY = 124;
constexpr float kEyesAbove = 13;   // From the centre of the face, at scale 1.
constexpr float kMouthBelow = 28;  //

/// An ellipse around the face's centre; only its part between the rows `from` and `to` is painted.
struct FaceEllipse {
  float x = 0;
  float y = 0;
  float rx = 1;
  float ry = 1;
  float from = -1000;
  float to = 1000;
};

FaceColour mixed(const FaceColour& a, const FaceColour& b, float share) {
  FaceColour result{};
  for (std::size_t i = 0; i < 3; ++i) {
    result[i] = a[i] + (b[i] - a[i]) * share;
  }
  return result;
}

FaceColour darker(const FaceColour& colour, float factor) {
  return mixed({0, 0, 0}, colour, factor);
}

class FaceCanvas {
 public:
  FaceCanvas(const FaceTraits& person, const FaceShot& shot)
      : person_(person), shot_(shot), pixels_(static_cast<std::size_t>(kFaceShape.size())) {}

  void paint_background() {
    for (std::int64_t y = 0; y < kFaceShape.height; ++y) {
      const FaceColour colour =
          mixed(shot_.background[0],
                shot_.background[1],
                static_cast<float>(y) / static_cast<float>(kFaceShape.height));
      for (std::int64_t x = 0; x < kFaceShape.width; ++x) {
        std::copy(colour.begin(), colour.end(), at(x, y));
      }
    }
  }

  void paint_behind_face() {
    using enum FaceAttribute;
    if (!shot_.has(bald)) {
      const float volume = person_.hair_volume;
      const float length = shot_.has(male) ? 6.0F : 52.0F;
      fill({.y = -14, .rx = person_.width + volume, .ry = person_.height + volume * 0.5F, .to = 12},
           hair());
      fill({.y = 12, .rx = person_.width + volume, .ry = length, .from = 12}, hair());
      if (shot_.has(wavy_hair)) {
        for (int i = 0; i < 7; ++i) {
          const float y = static_cast<float>(i) * 14 - 50;
          both({.x = person_.width + volume * 0.6F, .y = y, .rx = 7, .ry = 8}, hair());
        }
      }
    }
    const FaceColour shadow = darker(person_.skin, 0.8F);
    fill({.y = person_.height + 8, .rx = person_.width * 0.55F, .ry = 34}, shadow);
    const FaceColour cloth = mixed(shot_.background[1], {40, 40, 60}, 0.6F);
    fill({.y = person_.height + 62, .rx = 84, .ry = 42}, cloth);
    if (shot_.has(wearing_necktie)) {
      fill({.y = person_.height + 44, .rx = 6, .ry = 26}, {150, 30, 40});
    }
    if (shot_.has(wearing_necklace)) {
      for (int i = -4; i <= 4; ++i) {
        const auto x = static_cast<float>(i);
        fill({.x = x * 5, .y = person_.height + 26 - x * x * 0.5F, .rx = 2, .ry = 2},
             {240, 225, 150});
      }
    }
  }

  void paint_face() {
    using enum FaceAttribute;
    const FaceColour skin = person_.skin;
    both({.x = person_.width, .y = -6, .rx = 6, .ry = 11}, darker(skin, 0.88F));
    if (shot_.has(double_chin)) {
      fill({.y = person_.height - 2, .rx = person_.width * 0.7F, .ry = 12}, darker(skin, 0.9F));
    }
    fill({.rx = person_.width, .ry = person_.height}, skin);
    if (shot_.has(male)) {
      fill({.y = 24, .rx = person_.width * 0.86F, .ry = 28}, skin);  // A broader jaw.
    }
    if (shot_.has(five_o_clock_shadow)) {
      const FaceColour stubble = mixed(skin, {70, 70, 80}, 0.35F);
      fill({.y = 26, .rx = person_.width * 0.84F, .ry = 30, .from = 18}, stubble);
    }
    const FaceColour blush = mixed(skin, {230, 80, 90}, 0.4F);
    if (shot_.has(rosy_cheeks)) {
      both({.x = 24, .y = 12, .rx = 10, .ry = 8}, blush);
    } else if (shot_.has(high_cheekbones)) {
      both({.x = 26, .y = 5, .rx = 9, .ry = 4}, mixed(skin, {255, 240, 230}, 0.35F));
    }
    if (shot_.has(sideburns)) {
      both({.x = person_.width - 3, .y = 8, .rx = 4, .ry = 18}, hair());
    }
    paint_hairline();
  }

  void paint_features() {
    paint_eyes();
    paint_nose();
    paint_mouth();
    paint_worn();
  }

  [[nodiscard]] std::vector<std::uint8_t> lit(std::uint64_t seed) const {
    SplitMix64 random(seed);
    std::vector<std::uint8_t> out(pixels_.size());
    for (std::int64_t y = 0; y < kFaceShape.height; ++y) {
      for (std::int64_t x = 0; x < kFaceShape.width; ++x) {
        const float side = static_cast<float>(x) / kFaceCentreX - 1;
        const float light = shot_.light * (1 + shot_.light_from * side);
        const std::uint64_t bits = random.next();
        const auto first = static_cast<std::size_t>((y * kFaceShape.width + x) * 3);
        for (std::size_t channel = 0; channel < 3; ++channel) {
          const auto sixteen = static_cast<float>((bits >> (16 * channel)) & 0xffffU);
          const float noise = (sixteen / 32768 - 1) * shot_.noise;
          const float value = pixels_[first + channel] * light + noise;
          out[first + channel] = static_cast<std::uint8_t>(std::clamp(value, 0.0F, 255.0F));
        }
      }
    }
    return out;
  }

  /// Each pixel the mean of itself and its neighbours at `distance`.
  void blur(std::int64_t distance) {
    std::vector<float> before = pixels_;
    for (std::int64_t y = distance; y < kFaceShape.height - distance; ++y) {
      for (std::int64_t x = distance; x < kFaceShape.width - distance; ++x) {
        const auto here = static_cast<std::size_t>((y * kFaceShape.width + x) * 3);
        const auto aside = static_cast<std::size_t>(distance * 3);
        const auto below = static_cast<std::size_t>(distance * kFaceShape.width * 3);
        for (std::size_t i = here; i < here + 3; ++i) {
          pixels_[i] = (before[i] + before[i - aside] + before[i + aside] + before[i - below] +
                        before[i + below]) /
                       5;
        }
      }
    }
  }

 private:
  float* at(std::int64_t x, std::int64_t y) {
    return pixels_.data() + (y * kFaceShape.width + x) * 3;
  }

  static void blend(float* pixel, const FaceColour& colour, float share) {
    for (std::size_t i = 0; i < 3; ++i) {
      pixel[i] += (colour[i] - pixel[i]) * share;
    }
  }

  [[nodiscard]] const FaceColour& hair() const { return person_.hair; }

  /// Paints with an edge about two pixels soft.
  void fill(const FaceEllipse& ellipse, const FaceColour& colour) {
    const float scale = shot_.scale;
    const float cx = kFaceCentreX + shot_.shift_x + ellipse.x * scale;
    const float cy = kFaceCentreY + shot_.shift_y + ellipse.y * scale;
    const float rx = ellipse.rx * scale;
    const float ry = ellipse.ry * scale;
    const float origin = kFaceCentreY + shot_.shift_y;
    const float top = std::max(cy - ry, origin + ellipse.from * scale);
    const float bottom = std::min(cy + ry, origin + ellipse.to * scale);
    const auto first_y = static_cast<std::int64_t>(std::max(0.0F, std::ceil(top)));
    const auto first_x = static_cast<std::int64_t>(std::max(0.0F, std::ceil(cx - rx)));
    const float sharpness = std::min(rx, ry) / 4;
    for (std::int64_t y = first_y; y < kFaceShape.height && static_cast<float>(y) <= bottom; ++y) {
      const float dy = (static_cast<float>(y) - cy) / ry;
      for (std::int64_t x = first_x; x < kFaceShape.width && static_cast<float>(x) <= cx + rx;
           ++x) {
        const float dx = (static_cast<float>(x) - cx) / rx;
        const float inside = std::min(1.0F, (1 - dx * dx - dy * dy) * sharpness);
        if (inside > 0) {
          blend(at(x, y), colour, inside);
        }
      }
    }
  }

  void both(FaceEllipse ellipse, const FaceColour& colour) {
    fill(ellipse, colour);
    ellipse.x = -ellipse.x;
    fill(ellipse, colour);
  }

  void paint_hairline() {
    using enum FaceAttribute;
    if (shot_.has(bald)) {
      return;
    }
    const float line = shot_.has(receding_hairline) ? -44.0F : -34.0F;
    fill({.y = -person_.height * 0.55F,
          .rx = person_.width + 2,
          .ry = person_.height * 0.55F,
          .to = line},
         hair());
    if (shot_.has(bangs)) {
      fill({.y = -34, .rx = person_.width * 0.8F, .ry = 16, .to = -22}, darker(hair(), 0.92F));
    }
  }

  void paint_eyes() {
    using enum FaceAttribute;
    const float y = -kEyesAbove;
    const float height = person_.eye_size * (shot_.has(narrow_eyes) ? 0.28F : 0.55F);
    if (shot_.has(bags_under_eyes)) {
      both({.x = person_.eye_gap, .y = y + 6, .rx = person_.eye_size + 1, .ry = 4},
           darker(person_.skin, 0.76F));
    }
    if (shot_.has(heavy_makeup)) {
      both({.x = person_.eye_gap, .y = y - 2, .rx = person_.eye_size + 2, .ry = height + 3},
           mixed(person_.skin, {70, 50, 90}, 0.55F));
    }
    both({.x = person_.eye_gap, .y = y, .rx = person_.eye_size, .ry = height}, {240, 240, 240});
    both({.x = person_.eye_gap, .y = y, .rx = height, .ry = height}, person_.iris);
    both({.x = person_.eye_gap, .y = y, .rx = height * 0.5F, .ry = height * 0.5F}, {15, 15, 15});
    const float brow = shot_.has(bushy_eyebrows) ? std::max(person_.brow, 3.6F) : person_.brow;
    const FaceColour colour = darker(mixed(hair(), {40, 30, 25}, 0.5F), 0.9F);
    const float lift = shot_.has(arched_eyebrows) ? 5.0F : 0.0F;
    for (const float side : {-1.0F, 1.0F}) {
      for (int i = 0; i < 5; ++i) {
        const float along = static_cast<float>(i) / 2 - 1;
        fill({.x = side * (person_.eye_gap + along * (person_.eye_size + 1)),
              .y = y - 11 - lift * (1 - along * along),
              .rx = 4.5F,
              .ry = brow},
             colour);
      }
    }
  }

  void paint_nose() {
    using enum FaceAttribute;
    const float tip = person_.nose - kEyesAbove + 4;
    const float width = shot_.has(big_nose) ? 10.5F : shot_.has(pointy_nose) ? 4.5F : 7.0F;
    const FaceColour shade = darker(person_.skin, 0.84F);
    fill({.x = 2.5F, .y = tip - person_.nose * 0.4F, .rx = 2.5F, .ry = person_.nose * 0.5F}, shade);
    fill({.y = tip, .rx = width, .ry = shot_.has(big_nose) ? 6.0F : 4.0F}, shade);
    both({.x = width * 0.5F, .y = tip + 1.5F, .rx = 1.8F, .ry = 1.4F}, darker(person_.skin, 0.45F));
  }

  void paint_mouth() {
    using enum FaceAttribute;
    const FaceColour lips = shot_.has(wearing_lipstick) ? FaceColour{190, 30, 55}
                                                        : mixed(person_.skin, {150, 70, 70}, 0.6F);
    if (shot_.has(goatee)) {
      fill({.y = kMouthBelow + 13, .rx = 12, .ry = 10}, darker(hair(), 0.9F));
    }
    if (shot_.has(mustache)) {
      fill({.y = kMouthBelow - 8, .rx = person_.mouth + 1, .ry = 4}, darker(hair(), 0.9F));
    }
    const float thick = shot_.has(big_lips) ? 4.6F : 2.8F;
    const float curve = shot_.has(smiling) ? 7.0F : 0.0F;
    const float width = person_.mouth * (shot_.has(smiling) ? 1.15F : 1.0F);
    const bool is_open = shot_.has(mouth_slightly_open);
    for (int i = -6; i <= 6; ++i) {
      const float along = static_cast<float>(i) / 6;
      const float y = kMouthBelow + curve * (0.5F - along * along);
      fill({.x = along * width, .y = y, .rx = 3.2F, .ry = thick + (is_open ? 2.2F : 0.0F)}, lips);
    }
    if (is_open) {
      fill({.y = kMouthBelow + curve * 0.35F, .rx = width * 0.8F, .ry = 3}, {45, 15, 20});
      if (shot_.has(smiling)) {
        fill({.y = kMouthBelow + curve * 0.3F - 1, .rx = width * 0.7F, .ry = 1.8F},
             {245, 245, 240});
      }
    }
  }

  void paint_worn() {
    using enum FaceAttribute;
    if (shot_.has(wearing_earrings)) {
      both({.x = person_.width + 2, .y = 10, .rx = 2.6F, .ry = 5}, {250, 225, 120});
    }
    if (shot_.has(eyeglasses)) {
      for (int i = 0; i < 32; ++i) {
        const float angle = static_cast<float>(i) * 0.19635F;
        both({.x = person_.eye_gap + 12.5F * std::cos(angle),
              .y = -kEyesAbove + 9.5F * std::sin(angle),
              .rx = 1.7F,
              .ry = 1.7F},
             {25, 25, 30});
      }
      fill({.y = -kEyesAbove, .rx = std::max(2.0F, person_.eye_gap - 11), .ry = 1.4F},
           {25, 25, 30});
    }
    if (shot_.has(wearing_hat)) {
      const FaceColour felt = mixed({60, 60, 130}, shot_.background[0], 0.35F);
      fill({.y = -46, .rx = person_.width + 8, .ry = 44, .to = -38}, felt);
      fill({.y = -40, .rx = person_.width + 24, .ry = 6}, darker(felt, 0.7F));
    }
  }

  const FaceTraits& person_;
  const FaceShot& shot_;
  std::vector<float> pixels_;
};

}  // namespace

FacePlaces face_places(const FaceTraits& person, const FaceShot& shot) {
  const auto place = [&](float x, float y) -> FacePlaces::Point {
    return {static_cast<int>(std::lround(kFaceCentreX + shot.shift_x + x * shot.scale)),
            static_cast<int>(std::lround(kFaceCentreY + shot.shift_y + y * shot.scale))};
  };
  return {.landmarks = {place(-person.eye_gap, -kEyesAbove),
                        place(person.eye_gap, -kEyesAbove),
                        place(0, person.nose - kEyesAbove + 4),
                        place(-person.mouth, kMouthBelow),
                        place(person.mouth, kMouthBelow)},
          .box = place(-person.width, -person.height),
          .box_width = static_cast<int>(2 * person.width * shot.scale),
          .box_height = static_cast<int>(2 * person.height * shot.scale)};
}

std::vector<std::uint8_t> face_pixels(const FaceTraits& person,
                                      const FaceShot& shot,
                                      std::uint64_t seed) {
  FaceCanvas canvas(person, shot);
  canvas.paint_background();
  canvas.paint_behind_face();
  canvas.paint_face();
  canvas.paint_features();
  if (shot.has(FaceAttribute::blurry)) {
    canvas.blur(1);
    canvas.blur(3);
  }
  return canvas.lit(seed);
}

}  // namespace gradwatt
