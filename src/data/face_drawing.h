#pragma once

#include "data/face_traits.h"
#include "data/image_set.h"

#include <cstdint>
#include <vector>

namespace gradwatt {

/// The size of CelebA's aligned images.
inline constexpr ImageShape kFaceShape{.height = 218, .width = 178, .channels = 3};

/// Where a drawn face has the points that CelebA's tables name, in pixels.
struct FacePlaces {
  struct Point {
    int x = 0;
    int y = 0;
  };
  std::array<Point, 5> landmarks{};  ///< Left and right eye, nose, left and right mouth corner.
  Point box;                         ///< Upper left corner of the box around the face.
  int box_width = 0;
  int box_height = 0;
};

[[nodiscard]] FacePlaces face_places(const FaceTraits& person, const FaceShot& shot);

/// A drawing of the person in this photograph, [218, 178, RGB]: ellipses for hair, face, eyes,
/// brows, nose, mouth, what is worn, then light and noise.
/// The noise depends on `seed`; all else on the other two.
[[nodiscard]] std::vector<std::uint8_t> face_pixels(const FaceTraits& person,
                                                    const FaceShot& shot,
                                                    std::uint64_t seed);

}  // namespace gradwatt
