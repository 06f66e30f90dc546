#pragma once

#include "data/image_set.h"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace gradwatt {

/// Ten yes-or-no properties of how a grey image looks, computed from its pixels, so that a set with
/// classes alone can be used where attributes are wanted, too: a second task on the same images.
///
/// A property is a number (how bright the image is, how much of it lies in its upper half, ...) and
/// the attribute says whether that is above the median of the training images; so each attribute
/// holds for half of them.
class FashionAttributes {
 public:
  static constexpr int kCount = 10;
  static constexpr std::array<std::string_view, kCount> kNames{"bright",
                                                               "top-heavy",
                                                               "left-heavy",
                                                               "wide",
                                                               "tall",
                                                               "filled-centre",
                                                               "high-contrast",
                                                               "symmetric",
                                                               "rough",
                                                               "open-collar"};

  /// Takes the medians from a training part of grey images, at least one.
  explicit FashionAttributes(const ImageSet& train);

  /// [count, 10], 0 or 1.
  [[nodiscard]] std::vector<std::uint8_t> of(const ImageSet& set) const;

 private:
  std::array<double, kCount> medians_{};
};

}  // namespace gradwatt
