#pragma once

#include "train/task.h"
#include "train/tensors.h"

#include <string>
#include <vector>

namespace torch::nn {
class Module;
}

namespace gradwatt {

struct NamedTensor {
  std::string name;
  at::Tensor tensor;
};

/// The modules of the parts that learn.
[[nodiscard]] std::vector<torch::nn::Module*> trained_modules(Task& task);

/// Parameters of the parts that learn, in the order of FlatParameters.
[[nodiscard]] std::vector<NamedTensor> trained_parameters(Task& task);

/// Everything that learning changes beside parameters: running means of normalisations.
[[nodiscard]] std::vector<NamedTensor> trained_buffers(Task& task);

/// All parameters and buffers of one part.
[[nodiscard]] std::vector<NamedTensor> tensors_of(const Part& part);

}  // namespace gradwatt
