#include "train/datasets/catalog.h"

#include "train/member_named.h"

#include <vector>

namespace gradwatt {

std::span<const Dataset> datasets() {
  static const std::vector<Dataset> all{
      fashion_mnist(),
      pamap2_data(),
      celeba_data(),
      era5_data(),
      imagenet_data(),
  };
  return all;
}

const Dataset& dataset_named(std::string_view name) {
  return member_named(datasets(), name, "data set");
}

}  // namespace gradwatt
