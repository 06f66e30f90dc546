#pragma once

#include "data/tensor_file.h"
#include "train/task_tensors.h"

#include <filesystem>
#include <map>
#include <span>
#include <string>

namespace gradwatt {

/// Writes tensors, row-major, as a safetensors file. Throws Error; see write_safetensors().
void save_tensors(const std::filesystem::path& file,
                  std::span<const NamedTensor> tensors,
                  const std::map<std::string, std::string>& metadata);

/// Copies a stored tensor into `target`, whatever its layout and floating type.
/// Takes   tensors of the same shape.
void copy_stored(const TensorView& stored, const at::Tensor& target);

[[nodiscard]] bool same_shape(const TensorView& stored, const at::Tensor& tensor);

}  // namespace gradwatt
