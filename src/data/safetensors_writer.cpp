#include "base/error.h"
#include "base/expects.h"
#include "base/unique_fd.h"
#include "data/tensor_file.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace gradwatt {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr std::size_t kWrittenHeaderBytesMax = 100'000'000;

/// The place of a type in the order in which the reference implementation writes.
std::size_t write_order(TensorType type) {
  constexpr std::array kFirstToLast{TensorType::i64,
                                    TensorType::f64,
                                    TensorType::f32,
                                    TensorType::i32,
                                    TensorType::bf16,
                                    TensorType::f16,
                                    TensorType::i16,
                                    TensorType::i8,
                                    TensorType::u8,
                                    TensorType::boolean};
  const auto* const found = std::find(kFirstToLast.begin(), kFirstToLast.end(), type);
  return static_cast<std::size_t>(found - kFirstToLast.begin());
}

std::vector<const TensorToWrite*> in_order(std::span<const TensorToWrite> tensors,
                                           const std::string& file) {
  std::vector<const TensorToWrite*> order;
  std::map<std::string_view, int> seen;
  for (const TensorToWrite& tensor : tensors) {
    if (tensor.name == "__metadata__" || ++seen[tensor.name] > 1) {
      throw Error(fmt::format("cannot hold a tensor '{}'{}",
                              tensor.name,
                              tensor.name == "__metadata__" ? ": the name is reserved" : " twice"),
                  file,
                  "give each tensor a name of its own");
    }
    expects(bytes_of(tensor.type, tensor.shape) == tensor.bytes.size(),
            "a tensor to write with the bytes of its shape");
    order.push_back(&tensor);
  }
  std::sort(order.begin(), order.end(), [](const TensorToWrite* a, const TensorToWrite* b) {
    return std::make_pair(write_order(a->type), std::string_view(a->name)) <
           std::make_pair(write_order(b->type), std::string_view(b->name));
  });
  return order;
}

/// The length and the JSON, padded so that data begin at a multiple of 8.
std::string header_bytes(const std::vector<const TensorToWrite*>& order,
                         const std::map<std::string, std::string>& metadata,
                         const std::string& file) {
  OrderedJson header = OrderedJson::object();
  if (!metadata.empty()) {
    header["__metadata__"] = metadata;
  }
  std::uint64_t offset = 0;
  for (const TensorToWrite* tensor : order) {
    const std::uint64_t end = offset + tensor->bytes.size();
    // Appended, not looked up: ordered_json searches its keys one by one.
    OrderedJson info{{"dtype", name_of(tensor->type)},
                     {"shape", tensor->shape},
                     {"data_offsets", {offset, end}}};
    header.get_ref<OrderedJson::object_t&>().emplace_back(tensor->name, std::move(info));
    offset = end;
  }
  std::string text;
  try {
    text = header.dump();
  } catch (const OrderedJson::exception& error) {
    throw Error(fmt::format("a name or a metadata text is not UTF-8: {}", error.what()), file);
  }
  text.append((8 - text.size() % 8) % 8, ' ');
  if (text.size() > kWrittenHeaderBytesMax) {
    throw Error(fmt::format("its header would be {} bytes, more than readers accept", text.size()),
                file,
                "write fewer tensors into one file");
  }
  std::string length;
  for (std::size_t rest = text.size(), i = 0; i < 8; ++i, rest >>= 8U) {
    length.push_back(static_cast<char>(rest & 0xffU));
  }
  return length + text;
}

/// A new file that is removed again unless it was brought to its place.
class SafetensorsPart {
 public:
  explicit SafetensorsPart(const std::filesystem::path& file)
      : file_(file),
        part_(file.string() + ".part"),
        fd_(::open(part_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {
    if (!fd_) {
      fail("cannot create");
    }
  }
  ~SafetensorsPart() {
    if (fd_) {
      ::unlink(part_.c_str());
    }
  }
  SafetensorsPart(const SafetensorsPart&) = delete;
  SafetensorsPart& operator=(const SafetensorsPart&) = delete;

  void write(std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::write(fd_.get(), bytes.data(), bytes.size());
      if (count < 0 && errno != EINTR) {
        fail("cannot write");
      }
      bytes = bytes.subspan(count > 0 ? static_cast<std::size_t>(count) : 0);
    }
  }

  /// Waits for the disk, so that after a loss of power there is the old file or the new one.
  void move_to_place() {
    if (::fsync(fd_.get()) != 0) {
      fail("cannot write");
    }
    if (::rename(part_.c_str(), file_.c_str()) != 0) {
      fail("cannot replace");
    }
    fd_.reset();
    const auto parent = file_.parent_path();
    const UniqueFd folder(
        ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // Some file systems cannot; the file itself is complete either way.
    if (folder) {
      (void)::fsync(folder.get());
    }
  }

 private:
  [[noreturn]] void fail(const char* what) const {
    throw system_error(what, file_.string(), errno, "check free space and permissions there");
  }

  std::filesystem::path file_;
  std::filesystem::path part_;
  UniqueFd fd_;
};

}  // namespace

void write_safetensors(const std::filesystem::path& file,
                       std::span<const TensorToWrite> tensors,
                       const std::map<std::string, std::string>& metadata) {
  const auto order = in_order(tensors, file.string());
  const std::string header = header_bytes(order, metadata, file.string());
  SafetensorsPart part(file);
  part.write({reinterpret_cast<const std::uint8_t*>(header.data()), header.size()});
  for (const TensorToWrite* tensor : order) {
    part.write(tensor->bytes);
  }
  part.move_to_place();
}

}  // namespace gradwatt
