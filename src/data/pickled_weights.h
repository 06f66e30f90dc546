#pragma once

#include "data/pickle_reader.h"
#include "data/tensor_file.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

namespace gradwatt {

/// What a pickled tensor says of the numbers that are stored outside of the pickle.
struct PickledStorage {
  /// The part of a storage that a tensor of the legacy format sees, in elements.
  struct Part {
    std::uint64_t offset = 0;
    std::uint64_t elements = 0;
  };
  std::optional<TensorType> type;  ///< nullopt for bytes without a type.
  std::string key;
  std::uint64_t elements = 0;
  std::optional<Part> part;

  /// Elements that a tensor may see.
  [[nodiscard]] std::uint64_t visible() const { return part ? part->elements : elements; }
};

/// Reads ("storage", type, key, place, elements) and the sixth item of the legacy format, None or
/// (key, offset, elements). Throws Error naming `where` for anything else.
[[nodiscard]] PickledStorage pickled_storage(const PickleNode& persistent,
                                             const std::string& where);

/// All the elements of a storage; throws Error when the file has them not.
using FindStorage = std::function<std::span<const std::uint8_t>(const PickledStorage&)>;

/// Adds the weights of a pickled state_dict, or of a dict that holds one, to `out`.
///
/// A tensor is a window on its storage: element (i, j) is number offset + i stride_0 + j stride_1
/// of it. Windows that are not contiguous are copied, up to a limit that grows with the file.
/// Takes    the root of the pickle, how to get a storage, the file's size and name.
/// Throws   Error naming the tensor that reaches beyond its storage, or when there are no weights.
/// Example  offset 1, size [2, 2], stride [1, 2] of 0 1 2 3 4: the tensor [[1, 3], [2, 4]].
void add_weights(const PickleNode& root,
                 const FindStorage& find,
                 std::uint64_t file_bytes,
                 const std::string& where,
                 TensorFile& out);

}  // namespace gradwatt
