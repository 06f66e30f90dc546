#include "train/parity_record_test.h"

#include "train/task_tensors.h"
#include "train/tensors.h"

#include <algorithm>
#include <cmath>
#include <fstream>

namespace gradwatt {

std::map<std::string, std::vector<double>> recorded(std::string model) {
  std::replace(model.begin(), model.end(), '-', '_');
  std::ifstream file(std::string(GRADWATT_SOURCE_DIR) + "/src/train/models/" + model +
                     "_parity.txt");
  std::map<std::string, std::vector<double>> lines;
  std::string name;
  double number = 0;
  while (file >> name >> number) {
    lines[name].push_back(number);
  }
  return lines;
}

at::Tensor noise(std::int64_t count, std::int64_t k) {
  at::Tensor x = at::arange(count, at::kLong) + k * 1000003;
  for (int round = 0; round < 2; ++round) {
    x = at::remainder(at::bitwise_xor(x, at::bitwise_right_shift(x, 16)) * 0x45d9f3b,
                      std::int64_t{1} << 32);
  }
  x = at::bitwise_xor(x, at::bitwise_right_shift(x, 16));
  return x.to(at::kDouble) / static_cast<double>(std::int64_t{1} << 31) - 1;
}

void fill_by_formula(Task& task) {
  const at::NoGradGuard no_graph;
  std::int64_t k = 0;
  for (const NamedTensor& named : trained_parameters(task)) {
    const at::Tensor& p = named.tensor;
    const at::Tensor values = noise(p.numel(), k++).view(p.sizes());
    if (p.dim() > 1) {
      const double inputs = static_cast<double>(p.numel()) / static_cast<double>(p.size(0));
      p.copy_(values.mul(std::sqrt(6 / inputs)));
    } else if (named.name.ends_with("weight")) {
      p.copy_(values.mul(0.1).add(1));
    } else {
      p.copy_(values.mul(0.1));
    }
  }
}

}  // namespace gradwatt
