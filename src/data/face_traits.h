#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace gradwatt {

/// CelebA's attributes, in the order of its file.
enum class FaceAttribute : std::uint8_t {
  five_o_clock_shadow,
  arched_eyebrows,
  attractive,
  bags_under_eyes,
  bald,
  bangs,
  big_lips,
  big_nose,
  black_hair,
  blond_hair,
  blurry,
  brown_hair,
  bushy_eyebrows,
  chubby,
  double_chin,
  eyeglasses,
  goatee,
  gray_hair,
  heavy_makeup,
  high_cheekbones,
  male,
  mouth_slightly_open,
  mustache,
  narrow_eyes,
  no_beard,
  oval_face,
  pale_skin,
  pointy_nose,
  receding_hairline,
  rosy_cheeks,
  sideburns,
  smiling,
  straight_hair,
  wavy_hair,
  wearing_earrings,
  wearing_hat,
  wearing_lipstick,
  wearing_necklace,
  wearing_necktie,
  young,
};
inline constexpr std::size_t kFaceAttributes = 40;

/// "5_o_Clock_Shadow" to "Young", as the file spells them.
[[nodiscard]] std::span<const std::string_view, kFaceAttributes> face_attribute_names();

using FaceColour = std::array<float, 3>;  ///< Red, green, blue from 0 to 255.

/// What a made person looks like in all photographs; lengths in pixels of an aligned image.
struct FaceTraits {
  std::array<float, kFaceAttributes> chance{};  ///< That a photograph shows each attribute.
  FaceColour skin{};
  FaceColour hair{};
  FaceColour iris{};
  float width = 0;     ///< Half of the face's.
  float height = 0;    ///< Half of it.
  float eye_gap = 0;   ///< Half of that between the pupils.
  float eye_size = 0;  ///< Half of an eye's width.
  float brow = 0;      ///< Of the brows, thickness.
  float nose = 0;      ///< Length.
  float mouth = 0;     ///< Half of its width.
  float hair_volume = 0;
};

/// One photograph of a person.
struct FaceShot {
  std::array<bool, kFaceAttributes> attributes{};
  float shift_x = 0;  ///< Pixels.
  float shift_y = 0;  ///<
  float scale = 1;
  float light = 1;       ///< Factor on all of it.
  float light_from = 0;  ///< How much brighter its right side is than the middle, as a share.
  float noise = 0;       ///< Largest deviation of a pixel.
  std::array<FaceColour, 2> background{};  ///< Above and below.

  [[nodiscard]] bool has(FaceAttribute attribute) const {
    return attributes[static_cast<std::size_t>(attribute)];
  }
};

/// The person number `identity`, the same for the same (seed, identity).
[[nodiscard]] FaceTraits face_traits(std::uint64_t seed, std::int64_t identity);

/// Photograph number `image` of that person, the same for the same arguments.
/// Attributes that can be seen are drawn by the person's chances; the others mostly follow from
/// them. Exactly one or none of the hair colours is set, and no_beard agrees with the beards.
[[nodiscard]] FaceShot face_shot(const FaceTraits& person, std::uint64_t seed, std::int64_t image);

}  // namespace gradwatt
