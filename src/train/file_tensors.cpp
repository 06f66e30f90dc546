#include "train/file_tensors.h"

#include "base/expects.h"

#include <algorithm>

namespace gradwatt {
namespace {

struct TypePair {
  TensorType stored;
  at::ScalarType memory;
};
constexpr TypePair kTypes[] = {{TensorType::f64, at::kDouble},
                               {TensorType::f32, at::kFloat},
                               {TensorType::f16, at::kHalf},
                               {TensorType::bf16, at::kBFloat16},
                               {TensorType::i64, at::kLong},
                               {TensorType::i32, at::kInt},
                               {TensorType::i16, at::kShort},
                               {TensorType::i8, at::kChar},
                               {TensorType::u8, at::kByte},
                               {TensorType::boolean, at::kBool}};

TensorType stored_type(at::ScalarType type) {
  const auto* found = std::find_if(
      std::begin(kTypes), std::end(kTypes), [&](const TypePair& p) { return p.memory == type; });
  expects(found != std::end(kTypes), "a type that files can hold");
  return found->stored;
}

at::ScalarType memory_type(TensorType type) {
  const auto* found = std::find_if(
      std::begin(kTypes), std::end(kTypes), [&](const TypePair& p) { return p.stored == type; });
  expects(found != std::end(kTypes), "a type that memory can hold");
  return found->memory;
}

}  // namespace

void save_tensors(const std::filesystem::path& file,
                  std::span<const NamedTensor> tensors,
                  const std::map<std::string, std::string>& metadata) {
  std::vector<at::Tensor> rows;
  std::vector<TensorToWrite> items;
  for (const NamedTensor& named : tensors) {
    rows.push_back(named.tensor.detach().to(at::kCPU).contiguous());
    const at::Tensor& row = rows.back();
    items.push_back({named.name,
                     stored_type(row.scalar_type()),
                     row.sizes().vec(),
                     {static_cast<const std::uint8_t*>(row.data_ptr()), row.nbytes()}});
  }
  write_safetensors(file, items, metadata);
}

bool same_shape(const TensorView& stored, const at::Tensor& tensor) {
  return at::IntArrayRef(stored.shape) == tensor.sizes();
}

void copy_stored(const TensorView& stored, const at::Tensor& target) {
  expects(same_shape(stored, target), "tensors of one shape");
  const at::NoGradGuard no_graph;
  at::Tensor copy = at::empty(stored.shape, memory_type(stored.type));
  std::copy(stored.bytes.begin(), stored.bytes.end(), static_cast<std::uint8_t*>(copy.data_ptr()));
  target.copy_(copy);
}

}  // namespace gradwatt
