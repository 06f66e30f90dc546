#include "data/face_traits.h"

#include "data/random_order.h"

#include <algorithm>

namespace gradwatt {
namespace {

constexpr std::array<std::string_view, kFaceAttributes> kFaceAttributeNames{"5_o_Clock_Shadow",
                                                                            "Arched_Eyebrows",
                                                                            "Attractive",
                                                                            "Bags_Under_Eyes",
                                                                            "Bald",
                                                                            "Bangs",
                                                                            "Big_Lips",
                                                                            "Big_Nose",
                                                                            "Black_Hair",
                                                                            "Blond_Hair",
                                                                            "Blurry",
                                                                            "Brown_Hair",
                                                                            "Bushy_Eyebrows",
                                                                            "Chubby",
                                                                            "Double_Chin",
                                                                            "Eyeglasses",
                                                                            "Goatee",
                                                                            "Gray_Hair",
                                                                            "Heavy_Makeup",
                                                                            "High_Cheekbones",
                                                                            "Male",
                                                                            "Mouth_Slightly_Open",
                                                                            "Mustache",
                                                                            "Narrow_Eyes",
                                                                            "No_Beard",
                                                                            "Oval_Face",
                                                                            "Pale_Skin",
                                                                            "Pointy_Nose",
                                                                            "Receding_Hairline",
                                                                            "Rosy_Cheeks",
                                                                            "Sideburns",
                                                                            "Smiling",
                                                                            "Straight_Hair",
                                                                            "Wavy_Hair",
                                                                            "Wearing_Earrings",
                                                                            "Wearing_Hat",
                                                                            "Wearing_Lipstick",
                                                                            "Wearing_Necklace",
                                                                            "Wearing_Necktie",
                                                                            "Young"};

/// Draws for one person or one photograph.
class FaceDice {
 public:
  FaceDice(std::uint64_t seed, std::uint64_t what)
      : random_(SplitMix64(SplitMix64(seed).next() ^ what).next()) {}

  float from_to(float low, float high) {
    constexpr float kSteps = 1 << 24;
    return low + (high - low) * static_cast<float>(random_.next() >> 40U) / kSteps;
  }
  bool with_chance(float chance) { return from_to(0, 1) < chance; }

 private:
  SplitMix64 random_;
};

/// One trait of a person that most photographs show or do not show.
float habit(FaceDice& dice, float share) {
  return dice.with_chance(share) ? dice.from_to(0.85F, 0.99F) : dice.from_to(0, 0.08F);
}

float& chance_of(FaceTraits& person, FaceAttribute attribute) {
  return person.chance[static_cast<std::size_t>(attribute)];
}

void draw_hair(FaceTraits& person, FaceDice& dice, bool is_young, bool is_male) {
  using enum FaceAttribute;
  struct Hair {
    FaceAttribute attribute;
    FaceColour colour;
  };
  constexpr std::array<Hair, 4> kColours{{{black_hair, {28, 24, 24}},
                                          {brown_hair, {98, 62, 38}},
                                          {blond_hair, {212, 178, 108}},
                                          {gray_hair, {168, 168, 172}}}};
  const float pick = dice.from_to(0, 1);
  const std::size_t kind = !is_young && pick < 0.5F ? 3 : pick < 0.4F ? 0 : pick < 0.75F ? 1 : 2;
  person.hair = kColours[kind].colour;
  for (float& channel : person.hair) {
    channel += dice.from_to(-14, 14);
  }
  chance_of(person, kColours[kind].attribute) = 0.97F;
  person.hair_volume = dice.from_to(6, 20);
  const bool is_bald = is_male && dice.with_chance(is_young ? 0.06F : 0.25F);
  chance_of(person, bald) = is_bald ? 0.97F : 0;
  chance_of(person, receding_hairline) = is_male ? habit(dice, is_young ? 0.05F : 0.4F) : 0.02F;
  chance_of(person, bangs) = habit(dice, is_male ? 0.1F : 0.3F);
  chance_of(person, wavy_hair) = habit(dice, is_male ? 0.15F : 0.5F);
  chance_of(person, straight_hair) = 0.9F - chance_of(person, wavy_hair) * 0.85F;
}

void draw_clothes_and_beard(FaceTraits& person, FaceDice& dice, bool is_male) {
  using enum FaceAttribute;
  chance_of(person, eyeglasses) = dice.with_chance(0.15F) ? 0.7F : 0.04F;
  chance_of(person, wearing_hat) = dice.with_chance(0.12F) ? 0.5F : 0.04F;
  chance_of(person, wearing_lipstick) = is_male ? 0.01F : dice.from_to(0.4F, 0.98F);
  chance_of(person, wearing_earrings) = is_male ? 0.03F : dice.from_to(0.1F, 0.7F);
  chance_of(person, wearing_necklace) = is_male ? 0.02F : dice.from_to(0.05F, 0.5F);
  chance_of(person, wearing_necktie) = is_male ? dice.from_to(0, 0.5F) : 0.01F;
  chance_of(person, mustache) = is_male ? habit(dice, 0.2F) : 0;
  chance_of(person, goatee) = is_male ? habit(dice, 0.2F) : 0;
  chance_of(person, sideburns) = is_male ? habit(dice, 0.2F) : 0;
  chance_of(person, five_o_clock_shadow) = is_male ? habit(dice, 0.3F) : 0;
}

/// The attributes that no part of the drawing shows by itself.
void conclude_attributes(FaceShot& shot, FaceDice& dice) {
  using enum FaceAttribute;
  const auto set = [&](FaceAttribute attribute, bool value) {
    shot.attributes[static_cast<std::size_t>(attribute)] = value;
  };
  if (shot.has(bald)) {
    for (const FaceAttribute hair :
         {bangs, black_hair, blond_hair, brown_hair, gray_hair, wavy_hair, straight_hair}) {
      set(hair, false);
    }
    set(receding_hairline, true);
  }
  if (shot.has(straight_hair) && shot.has(wavy_hair)) {
    set(straight_hair, false);
  }
  const bool has_beard = shot.has(mustache) || shot.has(goatee) || shot.has(sideburns);
  set(no_beard, !has_beard && !shot.has(five_o_clock_shadow));
  set(double_chin, shot.has(chubby) && dice.with_chance(0.6F));
  set(heavy_makeup, shot.has(wearing_lipstick) && dice.with_chance(0.75F));
  set(high_cheekbones, dice.with_chance(shot.has(smiling) ? 0.85F : 0.15F));
  set(rosy_cheeks, dice.with_chance(shot.has(heavy_makeup) ? 0.25F : 0.02F));
  set(attractive, dice.with_chance(shot.has(young) && !shot.has(chubby) ? 0.7F : 0.15F));
}

}  // namespace

std::span<const std::string_view, kFaceAttributes> face_attribute_names() {
  return kFaceAttributeNames;
}

FaceTraits face_traits(std::uint64_t seed, std::int64_t identity) {
  using enum FaceAttribute;
  FaceDice dice(seed ^ 0x70657273, static_cast<std::uint64_t>(identity));
  FaceTraits person;
  const bool is_male = dice.with_chance(0.42F);
  const bool is_young = dice.with_chance(0.75F);
  const bool is_pale = dice.with_chance(0.1F);
  const bool is_chubby = dice.with_chance(0.12F);
  const bool is_oval = dice.with_chance(0.3F);
  chance_of(person, male) = is_male ? 1 : 0;
  chance_of(person, young) = is_young ? 0.96F : 0.06F;
  chance_of(person, pale_skin) = is_pale ? 0.9F : 0.01F;
  chance_of(person, chubby) = is_chubby ? 0.9F : 0.02F;
  chance_of(person, oval_face) = is_oval ? 0.85F : 0.1F;
  const float tone = is_pale ? dice.from_to(0.95F, 1) : dice.from_to(0.35F, 0.9F);
  person.skin = {238 * tone + 10, 205 * tone - 8, 180 * tone - 14};
  person.iris = {dice.from_to(30, 110), dice.from_to(50, 130), dice.from_to(30, 160)};
  person.width = dice.from_to(38, 46) + (is_chubby ? 8.0F : 0.0F) + (is_male ? 3.0F : 0.0F);
  person.height = dice.from_to(54, 60) + (is_oval ? 7.0F : 0.0F);
  person.eye_gap = dice.from_to(15.5F, 23);
  person.eye_size = dice.from_to(6.5F, 9.5F);
  person.nose = dice.from_to(18, 30);
  person.mouth = dice.from_to(12, 20);
  const bool has_thick_brows = dice.with_chance(is_male ? 0.35F : 0.08F);
  person.brow = has_thick_brows ? dice.from_to(3.4F, 4.6F) : dice.from_to(1.2F, 2.6F);
  chance_of(person, bushy_eyebrows) = has_thick_brows ? 0.9F : 0.03F;
  chance_of(person, arched_eyebrows) = habit(dice, is_male ? 0.1F : 0.4F);
  chance_of(person, big_nose) = habit(dice, is_male ? 0.4F : 0.12F);
  chance_of(person, pointy_nose) = habit(dice, 0.28F);
  chance_of(person, big_lips) = habit(dice, 0.24F);
  chance_of(person, narrow_eyes) = habit(dice, 0.12F);
  chance_of(person, bags_under_eyes) = habit(dice, is_young ? 0.12F : 0.5F);
  chance_of(person, smiling) = dice.from_to(0.2F, 0.8F);
  chance_of(person, mouth_slightly_open) = dice.from_to(0.25F, 0.7F);
  chance_of(person, blurry) = 0.05F;
  draw_hair(person, dice, is_young, is_male);
  draw_clothes_and_beard(person, dice, is_male);
  return person;
}

FaceShot face_shot(const FaceTraits& person, std::uint64_t seed, std::int64_t image) {
  FaceDice dice(seed ^ 0x73686f74, static_cast<std::uint64_t>(image));
  FaceShot shot;
  for (std::size_t i = 0; i < kFaceAttributes; ++i) {
    shot.attributes[i] = dice.with_chance(person.chance[i]);
  }
  conclude_attributes(shot, dice);
  shot.shift_x = dice.from_to(-6, 6);
  shot.shift_y = dice.from_to(-6, 6);
  shot.scale = dice.from_to(0.92F, 1.08F);
  shot.light = dice.from_to(0.72F, 1.12F);
  shot.light_from = dice.from_to(-0.35F, 0.35F);
  shot.noise = dice.from_to(4, 22);
  for (FaceColour& colour : shot.background) {
    for (float& channel : colour) {
      channel = dice.from_to(20, 235);
    }
  }
  return shot;
}

}  // namespace gradwatt
