#include "data/pickled_weights.h"

#include "base/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace gradwatt {
namespace {

constexpr std::size_t kRankMax = 64;
constexpr std::uint64_t kCopiedBytesMax = std::uint64_t{1} << 30U;
constexpr std::uint64_t kCopiedPerFileByte = 4;

/// A tensor as the pickle describes it.
struct StridedTensor {
  PickledStorage storage;
  std::int64_t offset = 0;
  std::vector<std::int64_t> shape;
  std::vector<std::int64_t> strides;
};

[[noreturn]] void refuse_pickled(const std::string& where, const std::string& why) {
  throw Error(why, where, "the file is damaged; fetch it or save it with torch.save again");
}

std::optional<TensorType> type_of_storage(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, TensorType>, 10> kStorages{
      {{"torch.DoubleStorage", TensorType::f64},
       {"torch.FloatStorage", TensorType::f32},
       {"torch.HalfStorage", TensorType::f16},
       {"torch.BFloat16Storage", TensorType::bf16},
       {"torch.LongStorage", TensorType::i64},
       {"torch.IntStorage", TensorType::i32},
       {"torch.ShortStorage", TensorType::i16},
       {"torch.CharStorage", TensorType::i8},
       {"torch.ByteStorage", TensorType::u8},
       {"torch.BoolStorage", TensorType::boolean}}};
  for (const auto& [storage, type] : kStorages) {
    if (storage == name) {
      return type;
    }
  }
  return std::nullopt;
}

bool is_count(const PickleNode& node) {
  return node.kind == PickleKind::integer && node.integer >= 0;
}

std::optional<std::vector<std::int64_t>> counts_of(const PickleNode& node) {
  if (node.kind != PickleKind::sequence || node.items.size() > kRankMax) {
    return std::nullopt;
  }
  std::vector<std::int64_t> counts;
  for (const PickleNode* const item : node.items) {
    if (!is_count(*item)) {
      return std::nullopt;
    }
    counts.push_back(item->integer);
  }
  return counts;
}

/// The call that makes the tensor, with a Parameter around it or not; nullptr for anything else.
const PickleNode* tensor_call(const PickleNode* node) {
  if (node->kind == PickleKind::call && node->text == "torch._utils._rebuild_parameter" &&
      !node->items.front()->items.empty()) {
    node = node->items.front()->items.front();
  }
  const bool tensor =
      node->kind == PickleKind::call && (node->text == "torch._utils._rebuild_tensor_v2" ||
                                         node->text == "torch._utils._rebuild_tensor");
  return tensor ? node : nullptr;
}

bool holds_a_tensor(const PickleNode& dict) {
  for (std::size_t i = 1; i < dict.items.size(); i += 2) {
    if (tensor_call(dict.items[i]) != nullptr) {
      return true;
    }
  }
  return false;
}

/// The dict of weights within `root`, and the key under which it is if it is not `root` itself.
std::pair<const PickleNode*, std::string> dict_of_weights(const PickleNode& root,
                                                          const std::string& where) {
  constexpr const char* kRemedy = "save a state_dict in Python: torch.save(net.state_dict(), FILE)";
  if (root.kind != PickleKind::dict) {
    throw Error("holds no dict of names and tensors", where, kRemedy);
  }
  for (const char* key : {"state_dict", "model", "model_state"}) {
    for (std::size_t i = 0; i + 1 < root.items.size(); i += 2) {
      const PickleNode& value = *root.items[i + 1];
      if (root.items[i]->kind == PickleKind::text && root.items[i]->text == key &&
          value.kind == PickleKind::dict && holds_a_tensor(value)) {
        return {&value, key};
      }
    }
  }
  if (!holds_a_tensor(root)) {
    throw Error(
        "holds no tensor, nor does a 'state_dict', 'model' or 'model_state' in it", where, kRemedy);
  }
  return {&root, ""};
}

StridedTensor strided_tensor(const PickleNode& call, const std::string& where) {
  const auto& arguments = call.items.front()->items;
  if (arguments.size() < 4) {
    refuse_pickled(where, "has a tensor without storage, offset, size and stride");
  }
  StridedTensor tensor{pickled_storage(*arguments[0], where), 0, {}, {}};
  const auto shape = counts_of(*arguments[2]);
  const auto strides = counts_of(*arguments[3]);
  if (!is_count(*arguments[1]) || !shape || !strides || shape->size() != strides->size()) {
    refuse_pickled(where, "has a tensor whose offset, size and stride do not fit");
  }
  tensor.offset = arguments[1]->integer;
  tensor.shape = *shape;
  tensor.strides = *strides;
  for (std::size_t i = 0; i < shape->size(); ++i) {
    // A dimension of one element has any stride, even one that no sum can hold.
    tensor.strides[i] = tensor.shape[i] == 1 ? 0 : tensor.strides[i];
  }
  return tensor;
}

/// The elements of the storage that the tensor needs, from the first; nullopt beyond 63 bits.
std::optional<std::int64_t> elements_needed(const StridedTensor& tensor) {
  if (std::find(tensor.shape.begin(), tensor.shape.end(), 0) != tensor.shape.end()) {
    return 0;
  }
  std::int64_t last = tensor.offset;
  for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
    std::int64_t reach = 0;
    if (__builtin_mul_overflow(tensor.shape[i] - 1, tensor.strides[i], &reach) ||
        __builtin_add_overflow(last, reach, &last)) {
      return std::nullopt;
    }
  }
  return __builtin_add_overflow(last, 1, &last) ? std::nullopt : std::optional(last);
}

bool is_contiguous(const StridedTensor& tensor) {
  std::int64_t expected = 1;
  for (std::size_t i = tensor.shape.size(); i-- > 0;) {
    if (tensor.shape[i] != 1 && tensor.strides[i] != expected) {
      return false;
    }
    expected *= tensor.shape[i];
  }
  return true;
}

/// The elements in row-major order; the tensor has at least one and lies within `storage`.
std::vector<std::uint8_t> gathered(const StridedTensor& tensor,
                                   std::size_t element,
                                   std::size_t bytes,
                                   std::span<const std::uint8_t> storage) {
  std::vector<std::uint8_t> out(bytes);
  std::vector<std::int64_t> index(tensor.shape.size(), 0);
  std::int64_t from = tensor.offset;
  for (std::size_t to = 0; to < bytes; to += element) {
    std::memcpy(&out[to], &storage[static_cast<std::size_t>(from) * element], element);
    for (std::size_t i = index.size(); i-- > 0;) {
      from += tensor.strides[i];
      if (++index[i] < tensor.shape[i]) {
        break;
      }
      from -= tensor.strides[i] * index[i];
      index[i] = 0;
    }
  }
  return out;
}

/// Puts tensors into a TensorFile and counts what it has to copy for that.
class WeightsBuilder {
 public:
  WeightsBuilder(const FindStorage& find, std::uint64_t file_bytes, TensorFile& out)
      : find_(find), copies_left_(kCopiedBytesMax + kCopiedPerFileByte * file_bytes), out_(out) {}

  void add(const std::string& name, const PickleNode& call, const std::string& where) {
    const StridedTensor tensor = strided_tensor(call, where);
    if (!tensor.storage.type) {
      refuse_pickled(where, "is of no known type");
    }
    const TensorType type = *tensor.storage.type;
    const auto bytes = bytes_of(type, tensor.shape);
    const auto needed = elements_needed(tensor);
    if (!bytes || !needed || static_cast<std::uint64_t>(*needed) > tensor.storage.visible()) {
      refuse_pickled(where,
                     fmt::format("reaches beyond the {} numbers that are stored for it",
                                 tensor.storage.visible()));
    }
    const std::size_t element = bytes_of(type);
    const std::size_t first = tensor.storage.part ? tensor.storage.part->offset : 0;
    const auto storage =
        find_(tensor.storage).subspan(first * element, tensor.storage.visible() * element);
    if (*bytes == 0) {
      out_.add(name, {type, tensor.shape, {}});
      return;
    }
    if (!is_contiguous(tensor)) {
      count_copy(*bytes, where);
      out_.add_owned(name, {type, tensor.shape, {}}, gathered(tensor, element, *bytes, storage));
      return;
    }
    const auto window = storage.subspan(static_cast<std::size_t>(tensor.offset) * element, *bytes);
    if (!is_aligned(window, type)) {
      count_copy(*bytes, where);
    }
    out_.add(name, {type, tensor.shape, window});
  }

 private:
  void count_copy(std::uint64_t bytes, const std::string& where) {
    if (bytes > copies_left_) {
      throw Error("would need far more memory than its file has bytes",
                  where,
                  "save the tensors in Python with .contiguous() or .clone()");
    }
    copies_left_ -= bytes;
  }

  const FindStorage& find_;
  std::uint64_t copies_left_;
  TensorFile& out_;
};

}  // namespace

PickledStorage pickled_storage(const PickleNode& persistent, const std::string& where) {
  if (persistent.kind != PickleKind::persistent) {
    refuse_pickled(where, "has a tensor without a storage");
  }
  const auto& items = persistent.items.front()->items;
  if (items.size() < 5 || items[0]->text != "storage" || items[1]->kind != PickleKind::global ||
      items[2]->kind != PickleKind::text || !is_count(*items[4])) {
    refuse_pickled(where, "refers to something that is no storage");
  }
  PickledStorage storage;
  storage.type = type_of_storage(items[1]->text);
  storage.key = items[2]->text;
  storage.elements = static_cast<std::uint64_t>(items[4]->integer);
  if (items.size() < 6 || items[5]->kind == PickleKind::none) {
    return storage;
  }
  const auto& view = items[5]->items;
  if (view.size() != 3 || !is_count(*view[1]) || !is_count(*view[2])) {
    refuse_pickled(where, "has a view of a storage that is not described");
  }
  storage.part = {static_cast<std::uint64_t>(view[1]->integer),
                  static_cast<std::uint64_t>(view[2]->integer)};
  if (storage.part->offset > storage.elements ||
      storage.part->elements > storage.elements - storage.part->offset) {
    refuse_pickled(where, "has a view that reaches beyond its storage");
  }
  return storage;
}

void add_weights(const PickleNode& root,
                 const FindStorage& find,
                 std::uint64_t file_bytes,
                 const std::string& where,
                 TensorFile& out) {
  const auto [dict, key] = dict_of_weights(root, where);
  if (!key.empty()) {
    out.note("taken_from", key);
  }
  WeightsBuilder builder(find, file_bytes, out);
  for (std::size_t i = 0; i + 1 < dict->items.size(); i += 2) {
    const PickleNode& name = *dict->items[i];
    const PickleNode* const call = tensor_call(dict->items[i + 1]);
    if (call != nullptr && name.kind == PickleKind::text) {
      builder.add(name.text, *call, fmt::format("{}: tensor '{}'", where, name.text));
    }
  }
}

}  // namespace gradwatt
