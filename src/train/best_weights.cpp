#include "train/best_weights.h"

#include "train/best_tensors.h"
#include "train/flat_parameters.h"
#include "train/task_tensors.h"

namespace gradwatt {

BestWeights::BestWeights(Task& task, FlatParameters& parameters)
    : task_(task), parameters_(parameters), copies_(std::make_unique<Copies>()) {}

BestWeights::~BestWeights() = default;

void BestWeights::remember() {
  copies_->parameters = parameters_.values().clone();
  copies_->buffers.clear();
  for (const NamedTensor& buffer : trained_buffers(task_)) {
    copies_->buffers.push_back(buffer.tensor.clone());
  }
}

void BestWeights::recall() {
  if (!copies_->parameters.defined()) {
    return;
  }
  const at::NoGradGuard no_graph;
  parameters_.values().copy_(copies_->parameters);
  const std::vector<NamedTensor> buffers = trained_buffers(task_);
  for (std::size_t i = 0; i < buffers.size(); ++i) {
    buffers[i].tensor.copy_(copies_->buffers[i]);
  }
}

}  // namespace gradwatt
