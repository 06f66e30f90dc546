#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace at {
class Tensor;
}

namespace gradwatt {

class Task;

/// What tests/parity/record_parity.py computed with a model: lines of "name number".
[[nodiscard]] std::map<std::string, std::vector<double>> recorded(std::string model);

/// The recording's u(i, k) for i = 0 ... count-1.
[[nodiscard]] at::Tensor noise(std::int64_t count, std::int64_t k);

/// Gives all trained parameters the recording's values.
void fill_by_formula(Task& task);

}  // namespace gradwatt
