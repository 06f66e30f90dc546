#include "train/models/catalog.h"

#include "base/error.h"

#include <vector>

namespace gradwatt {

std::span<const Model> models() {
  static const std::vector<Model> all{
      small_cnn(),
  };
  return all;
}

const Model& model_named(std::string_view name) {
  for (const Model& model : models()) {
    if (model.name == name) {
      return model;
    }
  }
  throw Error("no such model", name, "gradwatt-train --list");
}

}  // namespace gradwatt
