#include "train/linear_head.h"
#include "train/models/catalog.h"
#include "train/resnet.h"

namespace gradwatt {
namespace {

constexpr ResNetSpec kResNet18{{2, 2, 2, 2}, false};

}  // namespace

Model resnet18() {
  return {"resnet18",
          "residual network of 18 layers, basic blocks, torchvision's names (He et al. 2016)",
          false,
          [](const InputShape& shape) { return make_resnet(kResNet18, shape.channels); },
          [](const InputShape&) { return kResNet18.latent_size(); },
          linear_head,
          nullptr};
}

}  // namespace gradwatt
