#include "train/attribute_loss.h"

#include "train/tensors.h"

namespace gradwatt {

at::Tensor attribute_loss(const at::Tensor& scores, const at::Tensor& attributes) {
  return at::binary_cross_entropy_with_logits(scores, attributes);
}

at::Tensor attribute_accuracy(const at::Tensor& scores, const at::Tensor& attributes) {
  return scores.gt(0).eq(attributes.gt(0.5)).to(at::kFloat).mean();
}

}  // namespace gradwatt
