#include "base/error.h"
#include "data/mapped_file.h"
#include "data/tensor_file.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace gradwatt {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kHeaderBytesMax = 100'000'000;
constexpr int kHeaderDepthMax = 128;
constexpr std::string_view kMetadataKey = "__metadata__";
constexpr const char* kWriteAgain = "the file is damaged or no safetensors file; fetch it again";

/// One tensor of the header, its place relative to the end of the header.
struct HeaderEntry {
  std::string name;
  TensorView tensor;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

[[noreturn]] void refuse_safetensors(const std::string& file, const std::string& why) {
  throw Error(why, file, kWriteAgain);
}

/// The text of the header, within the file.
std::string_view header_text(std::span<const std::uint8_t> bytes, const std::string& file) {
  if (bytes.size() < 8) {
    refuse_safetensors(file, fmt::format("is {} bytes long, shorter than a header", bytes.size()));
  }
  std::uint64_t length = 0;
  for (std::size_t i = 8; i-- > 0;) {
    length = (length << 8U) | bytes[i];
  }
  if (length > kHeaderBytesMax) {
    refuse_safetensors(
        file, fmt::format("its header would be {} bytes, more than {}", length, kHeaderBytesMax));
  }
  if (length > bytes.size() - 8) {
    refuse_safetensors(
        file,
        fmt::format("its header of {} bytes goes beyond the file's {}", length, bytes.size()));
  }
  return {reinterpret_cast<const char*>(bytes.data()) + 8, static_cast<std::size_t>(length)};
}

/// The parsed header: an object in which no object has a key twice.
Json parsed_header(std::string_view text, const std::string& file) {
  if (text.empty() || text.front() != '{') {
    refuse_safetensors(file, "its header does not begin with '{'");
  }
  // nlohmann::json would take a zero byte for the end and ignore what follows.
  if (text.find('\0') != std::string_view::npos) {
    refuse_safetensors(file, "its header is no JSON: it has a zero byte");
  }
  std::vector<std::set<std::string>> keys;
  const auto watch = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (depth > kHeaderDepthMax) {
      refuse_safetensors(file, fmt::format("its header is deeper than {}", kHeaderDepthMax));
    }
    if (event == Json::parse_event_t::object_start) {
      keys.emplace_back();
    } else if (event == Json::parse_event_t::object_end) {
      keys.pop_back();
    } else if (event == Json::parse_event_t::key) {
      const auto& key = parsed.get_ref<const std::string&>();
      if (!keys.back().insert(key).second) {
        refuse_safetensors(file, fmt::format("its header has '{}' twice", key));
      }
    }
    return true;
  };
  try {
    return Json::parse(text.begin(), text.end(), watch);
  } catch (const Json::exception& error) {
    refuse_safetensors(file, fmt::format("its header is no JSON: {}", error.what()));
  }
}

void take_metadata(const Json& metadata, const std::string& file, TensorFile& out) {
  if (metadata.is_null()) {
    return;
  }
  if (!metadata.is_object()) {
    refuse_safetensors(file, "its __metadata__ is no map of texts");
  }
  for (const auto& [key, value] : metadata.items()) {
    if (!value.is_string()) {
      refuse_safetensors(file, fmt::format("its __metadata__ '{}' is no text", key));
    }
    out.note(key, value.get<std::string>());
  }
}

/// The array of whole numbers, none negative, that `key` has; nullopt for anything else.
std::optional<std::vector<std::uint64_t>> counts_at(const Json& info, const char* key) {
  const auto found = info.find(key);
  if (found == info.end() || !found->is_array()) {
    return std::nullopt;
  }
  std::vector<std::uint64_t> counts;
  for (const Json& value : *found) {
    if (!value.is_number_unsigned()) {
      return std::nullopt;
    }
    counts.push_back(value.get<std::uint64_t>());
  }
  return counts;
}

HeaderEntry header_entry(const std::string& name, const Json& info, const std::string& file) {
  const auto refuse = [&](const std::string& why) {
    refuse_safetensors(file, fmt::format("tensor '{}' {}", name, why));
  };
  if (!info.is_object() || !info.contains("dtype") || !info["dtype"].is_string()) {
    refuse("has no dtype");
  }
  const auto& dtype = info["dtype"].get_ref<const std::string&>();
  const auto type = tensor_type_named(dtype);
  if (!type) {
    refuse(fmt::format("is of the unknown type '{}'", dtype));
  }
  const auto shape = counts_at(info, "shape");
  const auto offsets = counts_at(info, "data_offsets");
  if (!shape || !offsets || offsets->size() != 2) {
    refuse("needs a shape and two data_offsets of whole numbers");
  }
  HeaderEntry entry{name, {*type, {}, {}}, (*offsets)[0], (*offsets)[1]};
  for (const std::uint64_t size : *shape) {
    // A size beyond 63 bits turns negative, which bytes_of refuses.
    entry.tensor.shape.push_back(static_cast<std::int64_t>(size));
  }
  const auto expected = bytes_of(*type, entry.tensor.shape);
  if (!expected) {
    refuse("has a shape too large for any memory");
  }
  if (entry.end < entry.begin || entry.end - entry.begin != *expected) {
    refuse(fmt::format("has data_offsets [{}, {}], but its shape needs {} bytes",
                       entry.begin,
                       entry.end,
                       *expected));
  }
  return entry;
}

/// Every byte of the data belongs to one tensor.
void check_layout(const std::vector<HeaderEntry>& entries,
                  std::uint64_t data_bytes,
                  const std::string& file) {
  std::uint64_t end = 0;
  for (const HeaderEntry& entry : entries) {
    if (entry.begin != end) {
      refuse_safetensors(file,
                         fmt::format("tensor '{}' begins at {}, but the data before it end at {}",
                                     entry.name,
                                     entry.begin,
                                     end));
    }
    end = entry.end;
  }
  if (end != data_bytes) {
    refuse_safetensors(file, fmt::format("its tensors are {} bytes, its data {}", end, data_bytes));
  }
}

}  // namespace

TensorFile read_safetensors(const std::filesystem::path& file) {
  const auto mapped = std::make_shared<const MappedFile>(file);
  const std::string_view text = header_text(mapped->bytes(), file.string());
  const Json header = parsed_header(text, file.string());
  TensorFile out;
  std::vector<HeaderEntry> entries;
  for (const auto& [name, info] : header.items()) {
    if (name == kMetadataKey) {
      take_metadata(info, file.string(), out);
    } else {
      entries.push_back(header_entry(name, info, file.string()));
    }
  }
  std::sort(entries.begin(), entries.end(), [](const HeaderEntry& a, const HeaderEntry& b) {
    return std::tie(a.begin, a.end) < std::tie(b.begin, b.end);
  });
  const auto data = mapped->bytes().subspan(8 + text.size());
  check_layout(entries, data.size(), file.string());
  out.keep(mapped);
  for (HeaderEntry& entry : entries) {
    entry.tensor.bytes = data.subspan(entry.begin, entry.end - entry.begin);
    out.add(entry.name, std::move(entry.tensor));
  }
  return out;
}

}  // namespace gradwatt
