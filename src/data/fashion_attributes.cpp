#include "data/fashion_attributes.h"

#include "base/expects.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <span>

namespace gradwatt {
namespace {

using Properties = std::array<double, FashionAttributes::kCount>;

/// One grey image; a pixel outside is an error of the caller.
struct GreyImage {
  std::span<const std::uint8_t> pixels;
  std::int64_t height;
  std::int64_t width;

  [[nodiscard]] int at(std::int64_t y, std::int64_t x) const {
    return pixels[static_cast<std::size_t>(y * width + x)];
  }
};

/// Sum of the pixels in rows [top, bottom) and columns [left, right).
double sum_in(const GreyImage& image,
              std::array<std::int64_t, 2> rows,
              std::array<std::int64_t, 2> columns) {
  double sum = 0;
  for (std::int64_t y = rows[0]; y < rows[1]; ++y) {
    for (std::int64_t x = columns[0]; x < columns[1]; ++x) {
      sum += image.at(y, x);
    }
  }
  return sum;
}

/// How many columns (or rows) hold a pixel that is not dark.
std::array<double, 2> extent(const GreyImage& image) {
  constexpr int kDark = 30;
  std::vector<bool> rows(static_cast<std::size_t>(image.height));
  std::vector<bool> columns(static_cast<std::size_t>(image.width));
  for (std::int64_t y = 0; y < image.height; ++y) {
    for (std::int64_t x = 0; x < image.width; ++x) {
      if (image.at(y, x) > kDark) {
        rows[static_cast<std::size_t>(y)] = true;
        columns[static_cast<std::size_t>(x)] = true;
      }
    }
  }
  return {static_cast<double>(std::count(columns.begin(), columns.end(), true)),
          static_cast<double>(std::count(rows.begin(), rows.end(), true))};
}

/// Mean difference between each pixel and its mirror image, and between neighbours.
std::array<double, 2> differences(const GreyImage& image) {
  double mirror = 0;
  double neighbours = 0;
  for (std::int64_t y = 0; y < image.height; ++y) {
    for (std::int64_t x = 0; x < image.width; ++x) {
      mirror += std::abs(image.at(y, x) - image.at(y, image.width - 1 - x));
      neighbours += x > 0 ? std::abs(image.at(y, x) - image.at(y, x - 1)) : 0;
    }
  }
  return {mirror, neighbours};
}

double deviation_of(const GreyImage& image, double mean) {
  double squares = 0;
  for (const std::uint8_t pixel : image.pixels) {
    squares += (pixel - mean) * (pixel - mean);
  }
  return std::sqrt(squares / static_cast<double>(image.pixels.size()));
}

Properties properties_of(const GreyImage& image) {
  const std::int64_t h = image.height;
  const std::int64_t w = image.width;
  const double all = sum_in(image, {0, h}, {0, w});
  const double some = std::max(all, 1.0);  // A black image is neither top-heavy nor the opposite.
  const auto [width, height] = extent(image);
  const auto [mirror, rough] = differences(image);
  return {all,
          sum_in(image, {0, h / 2}, {0, w}) / some,
          sum_in(image, {0, h}, {0, w / 2}) / some,
          width,
          height,
          sum_in(image, {h / 3, h - h / 3}, {w / 3, w - w / 3}) / some,
          deviation_of(image, all / static_cast<double>(image.pixels.size())),
          -mirror / some,
          rough / some,
          -sum_in(image, {0, h / 5}, {w / 3, w - w / 3}) / some};
}

GreyImage image_at(const ImageSet& set, std::int64_t index) {
  const auto size = static_cast<std::size_t>(set.shape.size());
  return {std::span(set.pixels).subspan(static_cast<std::size_t>(index) * size, size),
          set.shape.height,
          set.shape.width};
}

}  // namespace

FashionAttributes::FashionAttributes(const ImageSet& train) {
  expects(train.count() > 0 && train.shape.channels == 1, "grey images");
  std::array<std::vector<double>, kCount> values;
  for (std::int64_t i = 0; i < train.count(); ++i) {
    const Properties properties = properties_of(image_at(train, i));
    for (std::size_t k = 0; k < properties.size(); ++k) {
      values[k].push_back(properties[k]);
    }
  }
  for (std::size_t k = 0; k < values.size(); ++k) {
    const auto middle = values[k].begin() + static_cast<std::ptrdiff_t>(values[k].size() / 2);
    std::nth_element(values[k].begin(), middle, values[k].end());
    medians_[k] = *middle;
  }
}

std::vector<std::uint8_t> FashionAttributes::of(const ImageSet& set) const {
  std::vector<std::uint8_t> all;
  all.reserve(static_cast<std::size_t>(set.count()) * kCount);
  for (std::int64_t i = 0; i < set.count(); ++i) {
    const Properties properties = properties_of(image_at(set, i));
    for (std::size_t k = 0; k < properties.size(); ++k) {
      all.push_back(properties[k] > medians_[k] ? 1 : 0);
    }
  }
  return all;
}

}  // namespace gradwatt
