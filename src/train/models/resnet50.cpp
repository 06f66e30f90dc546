#include "train/linear_head.h"
#include "train/models/catalog.h"
#include "train/resnet.h"

namespace gradwatt {
namespace {

constexpr ResNetSpec kResNet50{{3, 4, 6, 3}, true};

}  // namespace

Model resnet50() {
  return {"resnet50",
          "residual network of 50 layers, bottleneck blocks, torchvision's names (He et al. 2016)",
          false,
          [](const InputShape& shape) { return make_resnet(kResNet50, shape.channels); },
          [](const InputShape&) { return kResNet50.latent_size(); },
          linear_head,
          nullptr};
}

}  // namespace gradwatt
