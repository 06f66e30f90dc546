#include "train/task_tensors.h"

#include <torch/nn/module.h>

namespace gradwatt {
namespace {

std::string full_name(const Part& part, const std::string& name) {
  return part.name.empty() ? name : part.name + "." + name;
}

void append_parameters(const Part& part, std::vector<NamedTensor>& all) {
  for (const auto& item : part.network->module().named_parameters()) {
    all.push_back({full_name(part, item.key()), item.value()});
  }
}

void append_buffers(const Part& part, std::vector<NamedTensor>& all) {
  for (const auto& item : part.network->module().named_buffers()) {
    all.push_back({full_name(part, item.key()), item.value()});
  }
}

}  // namespace

std::vector<torch::nn::Module*> trained_modules(Task& task) {
  std::vector<torch::nn::Module*> modules;
  for (const Part& part : task.parts()) {
    if (part.trained) {
      modules.push_back(&part.network->module());
    }
  }
  return modules;
}

std::vector<NamedTensor> trained_parameters(Task& task) {
  std::vector<NamedTensor> all;
  for (const Part& part : task.parts()) {
    if (part.trained) {
      append_parameters(part, all);
    }
  }
  return all;
}

std::vector<NamedTensor> trained_buffers(Task& task) {
  std::vector<NamedTensor> all;
  for (const Part& part : task.parts()) {
    if (part.trained) {
      append_buffers(part, all);
    }
  }
  return all;
}

std::vector<NamedTensor> tensors_of(const Part& part) {
  std::vector<NamedTensor> all;
  append_parameters(part, all);
  append_buffers(part, all);
  return all;
}

}  // namespace gradwatt
