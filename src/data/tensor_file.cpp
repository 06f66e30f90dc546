#include "data/tensor_file.h"

#include "base/error.h"
#include "base/expects.h"
#include "data/mapped_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace gradwatt {
namespace {

struct TypeEntry {
  TensorType type;
  std::size_t bytes;
  std::string_view name;
};

constexpr std::array<TypeEntry, 10> kTensorTypes{{{TensorType::f64, 8, "F64"},
                                                  {TensorType::f32, 4, "F32"},
                                                  {TensorType::f16, 2, "F16"},
                                                  {TensorType::bf16, 2, "BF16"},
                                                  {TensorType::i64, 8, "I64"},
                                                  {TensorType::i32, 4, "I32"},
                                                  {TensorType::i16, 2, "I16"},
                                                  {TensorType::i8, 1, "I8"},
                                                  {TensorType::u8, 1, "U8"},
                                                  {TensorType::boolean, 1, "BOOL"}}};

const TypeEntry& entry_of(TensorType type) {
  return kTensorTypes.at(static_cast<std::size_t>(type));
}

bool starts_with(std::span<const std::uint8_t> bytes, std::string_view start) {
  return bytes.size() >= start.size() &&
         std::equal(start.begin(), start.end(), bytes.begin(), [](char want, std::uint8_t got) {
           return static_cast<std::uint8_t>(want) == got;
         });
}

/// A header of less than 4 GiB that opens its brace.
bool looks_like_safetensors(std::span<const std::uint8_t> bytes) {
  return bytes.size() > 8 && bytes[8] == '{' && bytes[4] == 0 && bytes[5] == 0 && bytes[6] == 0 &&
         bytes[7] == 0;
}

bool looks_like_pth(std::span<const std::uint8_t> bytes) {
  return starts_with(bytes, "PK\x03\x04") || starts_with(bytes, "PK\x05\x06") ||
         (bytes.size() > 2 && bytes[0] == 0x80 && bytes[1] <= 5);
}

}  // namespace

std::size_t bytes_of(TensorType type) { return entry_of(type).bytes; }

std::string_view name_of(TensorType type) { return entry_of(type).name; }

std::optional<TensorType> tensor_type_named(std::string_view name) {
  for (const TypeEntry& entry : kTensorTypes) {
    if (entry.name == name) {
      return entry.type;
    }
  }
  return std::nullopt;
}

std::optional<std::uint64_t> bytes_of(TensorType type, std::span<const std::int64_t> shape) {
  std::int64_t product = static_cast<std::int64_t>(bytes_of(type));
  for (const std::int64_t size : shape) {
    if (size < 0 || __builtin_mul_overflow(product, size, &product)) {
      return std::nullopt;
    }
  }
  return static_cast<std::uint64_t>(product);
}

bool is_aligned(std::span<const std::uint8_t> bytes, TensorType type) {
  return reinterpret_cast<std::uintptr_t>(bytes.data()) % bytes_of(type) == 0;
}

void TensorFile::add(const std::string& name, TensorView tensor) {
  if (!is_aligned(tensor.bytes, tensor.type)) {
    std::vector<std::uint8_t> bytes(tensor.bytes.begin(), tensor.bytes.end());
    add_owned(name, std::move(tensor), std::move(bytes));
    return;
  }
  expects(bytes_of(tensor.type, tensor.shape) == tensor.bytes.size(),
          "a tensor with the bytes of its shape");
  tensors_.insert_or_assign(name, std::move(tensor));
}

void TensorFile::add_owned(const std::string& name,
                           TensorView tensor,
                           std::vector<std::uint8_t> bytes) {
  const auto owned = std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes));
  keep(owned);
  tensor.bytes = *owned;
  add(name, std::move(tensor));
}

TensorFile read_weights(const std::filesystem::path& file) {
  const MappedFile mapped(file);
  if (looks_like_safetensors(mapped.bytes())) {
    return read_safetensors(file);
  }
  if (looks_like_pth(mapped.bytes())) {
    return read_pth(file);
  }
  constexpr std::string_view kLargeFilePointer = "version https://git-lfs";
  if (starts_with(mapped.bytes(), kLargeFilePointer)) {
    throw Error("is a Git LFS pointer, not the weights", file.string(), "fetch it: git lfs pull");
  }
  throw Error(mapped.bytes().empty() ? "is empty" : "is neither safetensors nor PyTorch's .pth",
              file.string(),
              "docs/weights.md says how to convert other files");
}

}  // namespace gradwatt
