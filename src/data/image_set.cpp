#include "data/image_set.h"

#include "base/expects.h"
#include "data/random_order.h"

namespace gradwatt {

ImageSet pick(const ImageSet& set, std::span<const std::int64_t> indices) {
  ImageSet picked{set.shape, {}, {}};
  const std::int64_t size = set.shape.size();
  picked.pixels.reserve(indices.size() * static_cast<std::size_t>(size));
  picked.labels.reserve(indices.size());
  for (const std::int64_t index : indices) {
    expects(index >= 0 && index < set.count(), "an index inside the set");
    const auto first = set.pixels.begin() + index * size;
    picked.pixels.insert(picked.pixels.end(), first, first + size);
    picked.labels.push_back(set.labels[static_cast<std::size_t>(index)]);
  }
  return picked;
}

Split split(const ImageSet& set, std::int64_t train, std::int64_t validation, std::uint64_t seed) {
  expects(train >= 0 && validation >= 0 && train + validation <= set.count(),
          "no more images than the set holds");
  const auto order = random_order(set.count(), seed, 0);
  const std::span<const std::int64_t> indices(order);
  return {
      pick(set,
           indices.subspan(static_cast<std::size_t>(validation), static_cast<std::size_t>(train))),
      pick(set, indices.first(static_cast<std::size_t>(validation)))};
}

}  // namespace gradwatt
