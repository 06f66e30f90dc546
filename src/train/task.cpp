#include "train/task.h"

#include "train/parallel/comm.h"
#include "train/tensors.h"

#include <torch/nn/module.h>

#include <algorithm>
#include <sstream>

namespace gradwatt {

struct MetricSums::Sums {
  struct Sum {
    std::string name;
    at::Tensor total;
    std::int64_t samples = 0;
  };
  std::vector<Sum> all;
};

MetricSums::MetricSums() : sums_(std::make_unique<Sums>()) {}
MetricSums::~MetricSums() = default;

void MetricSums::add(std::string_view metric, const at::Tensor& mean, std::int64_t size) {
  auto& all = sums_->all;
  auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& s) { return s.name == metric; });
  if (found == all.end()) {
    // The host's kind of double does not exist on every device.
    const auto type = mean.device().is_cpu() ? at::kDouble : at::kFloat;
    all.push_back({std::string(metric), at::zeros({}, mean.options().dtype(type)), 0});
    found = std::prev(all.end());
  }
  found->total.add_(mean.detach(), static_cast<double>(size));
  found->samples += size;
}

void MetricSums::sum_over(Comm& comm) {
  if (comm.is_alone()) {
    return;
  }
  // A rank without samples knows no names. Rank 0 has the largest share.
  std::string names;
  for (const Sums::Sum& sum : sums_->all) {
    names += sum.name + "\n";
  }
  std::istringstream lines(broadcast_text(comm, names));
  std::vector<Sums::Sum> all;
  for (std::string name; std::getline(lines, name);) {
    const auto own = std::find_if(
        sums_->all.begin(), sums_->all.end(), [&](const auto& s) { return s.name == name; });
    const bool is_known = own != sums_->all.end();
    const at::Tensor values = at::tensor({is_known ? own->total.item<double>() : 0.0,
                                          is_known ? static_cast<double>(own->samples) : 0.0},
                                         at::kDouble);
    comm.sum(values);
    all.push_back({name, values[0], static_cast<std::int64_t>(values[1].item<double>())});
  }
  sums_->all = std::move(all);
}

std::vector<std::pair<std::string, double>> MetricSums::means() const {
  std::vector<std::pair<std::string, double>> means;
  for (const Sums::Sum& sum : sums_->all) {
    means.emplace_back(sum.name, sum.total.item<double>() / static_cast<double>(sum.samples));
  }
  return means;
}

void Task::set_training(bool training) {
  for (const Part& part : parts_) {
    part.network->module().train(training && part.trained);
  }
}

std::int64_t Task::parameter_count() {
  std::int64_t count = 0;
  for (const Part& part : parts_) {
    count += gradwatt::parameter_count(*part.network);
  }
  return count;
}

std::int64_t Task::trained_parameter_count() {
  std::int64_t count = 0;
  for (const Part& part : parts_) {
    count += part.trained ? gradwatt::parameter_count(*part.network) : 0;
  }
  return count;
}

at::Tensor Task::latents(const Batch& batch) {
  if (takes_latents_) {
    return batch.inputs;
  }
  if (encoder().trained) {
    return encoder().network->forward(batch.inputs);
  }
  const at::NoGradGuard no_graph;
  return encoder().network->forward(batch.inputs);
}

at::Tensor Task::scores(std::size_t index, const at::Tensor& latents) {
  return parts_.at(index).network->forward(latents).to(at::kFloat);
}

}  // namespace gradwatt
