#include "train/models/catalog.h"

#include "train/member_named.h"

#include <vector>

namespace gradwatt {

std::span<const Model> models() {
  static const std::vector<Model> all{
      small_cnn(),
      har_cnn(),
      deep_conv_lstm(),
      mc_cnn(),
      resnet18(),
      resnet50(),
      afno(),
  };
  return all;
}

const Model& model_named(std::string_view name) { return member_named(models(), name, "model"); }

}  // namespace gradwatt
