#include "train/datasets/catalog.h"

#include "base/error.h"

#include <vector>

namespace gradwatt {

std::span<const Dataset> datasets() {
  static const std::vector<Dataset> all{
      fashion_mnist(),
  };
  return all;
}

const Dataset& dataset_named(std::string_view name) {
  for (const Dataset& dataset : datasets()) {
    if (dataset.name == name) {
      return dataset;
    }
  }
  throw Error("no such data set", name, "gradwatt-train --list");
}

}  // namespace gradwatt
