#include "data/sets/catalog.h"

#include <array>

namespace gradwatt {

std::span<const PublishedSet> published_sets() {
  static const std::array kSets{
      pamap2_set(),
      celeba_set(),
      fashion_set(),
      era5_set(),
      imagenet_set(),
      imagenet_shards_set(),
  };
  return kSets;
}

}  // namespace gradwatt
