#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// What a tensor's elements are: IEEE 754 and bfloat16 numbers, two's complement integers, and
/// truth values of one byte.
enum class TensorType { f64, f32, f16, bf16, i64, i32, i16, i8, u8, boolean };

/// Bytes of one element. Example: bytes_of(TensorType::bf16) is 2.
[[nodiscard]] std::size_t bytes_of(TensorType type);

/// The name in safetensors files. Example: name_of(TensorType::boolean) is "BOOL".
[[nodiscard]] std::string_view name_of(TensorType type);

/// The inverse of name_of; nullopt for a name that stands for no TensorType.
[[nodiscard]] std::optional<TensorType> tensor_type_named(std::string_view name);

/// Bytes of a whole tensor; a scalar has the shape [] and one element.
///
/// Returns   nullopt when a size is negative or the bytes are more than fit into 63 bits.
/// Example   f32 of shape [2, 3]: 24; of shape [2, 0]: 0; of shape []: 4.
[[nodiscard]] std::optional<std::uint64_t> bytes_of(TensorType type,
                                                    std::span<const std::int64_t> shape);

/// A tensor in somebody else's memory: contiguous, row-major, little-endian, and beginning at an
/// address that its elements may have. Tensors that share their numbers may share the bytes.
struct TensorView {
  TensorType type = TensorType::f32;
  std::vector<std::int64_t> shape;
  std::span<const std::uint8_t> bytes;
};

/// Whether an array of `type` may begin where `bytes` do.
[[nodiscard]] bool is_aligned(std::span<const std::uint8_t> bytes, TensorType type);

/// What was read from a file of weights. Copies share the memory, which lives as long as one of
/// them does. The bytes are this program's own: writing to them never changes the file.
class TensorFile {
 public:
  [[nodiscard]] const std::map<std::string, TensorView>& tensors() const { return tensors_; }
  [[nodiscard]] const std::map<std::string, std::string>& metadata() const { return metadata_; }

  /// Adds a tensor whose bytes live in memory that is kept; copies them if they are misaligned.
  void add(const std::string& name, TensorView tensor);
  /// Adds a tensor with its own bytes.
  void add_owned(const std::string& name, TensorView tensor, std::vector<std::uint8_t> bytes);
  void keep(std::shared_ptr<const void> memory) { memory_.push_back(std::move(memory)); }
  void note(const std::string& key, std::string value) { metadata_[key] = std::move(value); }

 private:
  std::map<std::string, TensorView> tensors_;
  std::map<std::string, std::string> metadata_;
  std::vector<std::shared_ptr<const void>> memory_;
};

struct TensorToWrite {
  std::string name;
  TensorType type = TensorType::f32;
  std::vector<std::int64_t> shape;
  std::span<const std::uint8_t> bytes;  ///< As many as bytes_of(type, shape).
};

/// Reads a safetensors file. Nothing is copied unless its writer left the data misaligned.
///
/// Source   the format's description and reference implementation (huggingface/safetensors):
///          u64 length of the header, JSON header, data without overlap, hole or remainder.
/// Throws   Error naming the file and the tensor for everything that the reference refuses, for a
///          duplicate name, and for a type that TensorType does not have.
[[nodiscard]] TensorFile read_safetensors(const std::filesystem::path& file);

/// Writes a safetensors file as the reference implementation does: the tensors with the widest
/// elements first, then by name; data from a multiple of 8 on. Written as FILE.part, brought to the
/// disk and renamed.
///
/// Throws   Error, after which an old FILE is as it was and there is no FILE.part.
/// Example  one f32 "a" of shape [1]: 8 bytes of length, 54 of JSON, 2 spaces, 4 of data.
void write_safetensors(const std::filesystem::path& file,
                       std::span<const TensorToWrite> tensors,
                       const std::map<std::string, std::string>& metadata);

/// Reads what Python's torch.save wrote, in its zip format or the one before PyTorch 1.6: a
/// dict of names and tensors, or one that holds such a dict as "state_dict", "model" or
/// "model_state" (then metadata "taken_from" says which). Other entries are skipped. Executes
/// nothing.
///
/// Throws   Error naming the file, and the Python object if the file holds more than data.
[[nodiscard]] TensorFile read_pth(const std::filesystem::path& file);

/// Reads either format, told apart by content and not by the file's name.
/// Throws   Error, also for a file that is neither.
[[nodiscard]] TensorFile read_weights(const std::filesystem::path& file);

}  // namespace gradwatt
