#include "base/error.h"
#include "data/byte_reader.h"
#include "data/mapped_file.h"
#include "data/pickle_reader.h"
#include "data/pickled_weights.h"
#include "data/tensor_file.h"
#include "data/zip_file.h"

#include <fmt/format.h>

#include <map>
#include <set>
#include <utility>

namespace gradwatt {
namespace {

constexpr const char* kNotPth = "the file is damaged or not from torch.save; fetch it again";
constexpr std::string_view kPickleSuffix = "/data.pkl";

using Bytes = std::span<const std::uint8_t>;

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

bool is_zip(Bytes bytes) { return bytes.size() > 2 && bytes[0] == 'P' && bytes[1] == 'K'; }

/// The archive of torch.save since PyTorch 1.6: NAME/data.pkl, NAME/data/0, NAME/data/1...
class PthArchive {
 public:
  PthArchive(Bytes archive, const std::string& where) : where_(where) {
    for (ZipEntry& entry : zip_entries(archive, where)) {
      const auto folder_end = entry.name.size() - kPickleSuffix.size();
      if (ends_with(entry.name, kPickleSuffix) && entry.name.find('/') == folder_end) {
        folder_ = entry.name.substr(0, folder_end);
      }
      const std::string name = entry.name;
      entries_.emplace(name, std::move(entry));
    }
    if (entries_.count(folder_ + "/constants.pkl") != 0) {
      throw Error("is a TorchScript program; only weights can be loaded",
                  where,
                  "save them in Python: torch.save(program.state_dict(), FILE)");
    }
    if (entries_.count(folder_ + "/byteorder") != 0 && checked_text("/byteorder") != "little") {
      throw Error("holds big-endian numbers", where, "save it on a little-endian machine");
    }
  }

  [[nodiscard]] Bytes checked(const std::string& name) {
    const auto found = entries_.find(folder_ + name);
    if (found == entries_.end()) {
      throw Error(fmt::format("is a zip archive without '{}{}'", folder_, name), where_, kNotPth);
    }
    return checked_.insert(name).second ? stored_bytes(found->second, where_) : found->second.bytes;
  }

 private:
  std::string_view checked_text(const std::string& name) {
    const Bytes bytes = checked(name);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  const std::string& where_;
  std::string folder_;
  std::map<std::string, ZipEntry> entries_;
  std::set<std::string> checked_;
};

void read_pth_archive(Bytes bytes, const std::string& where, TensorFile& out) {
  PthArchive archive(bytes, where);
  ByteReader reader(archive.checked(std::string(kPickleSuffix)), where);
  const Pickle pickle = read_pickle(reader, where);
  const auto find = [&](const PickledStorage& storage) {
    const Bytes stored = archive.checked("/data/" + storage.key);
    if (stored.size() / bytes_of(*storage.type) < storage.elements) {
      throw Error(fmt::format("stores {} bytes as '{}', too few for {} numbers",
                              stored.size(),
                              storage.key,
                              storage.elements),
                  where,
                  kNotPth);
    }
    return stored;
  };
  add_weights(*pickle.root, find, bytes.size(), where, out);
}

/// The three pickles before the object: a magic number, the protocol, the machine.
void check_legacy_start(ByteReader& reader, const std::string& where) {
  constexpr std::string_view kMagic = "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
  constexpr std::int64_t kPthProtocol = 1001;
  const Pickle magic = read_pickle(reader, where);
  if (magic.root->kind != PickleKind::big_integer || magic.root->text != kMagic) {
    throw Error("is a pickle, but not one of torch.save", where, kNotPth);
  }
  const Pickle protocol = read_pickle(reader, where);
  if (protocol.root->kind != PickleKind::integer || protocol.root->integer != kPthProtocol) {
    throw Error("is of an unknown version of PyTorch's legacy format", where, kNotPth);
  }
  const Pickle machine = read_pickle(reader, where);
  const auto& items = machine.root->items;
  for (std::size_t i = 0; machine.root->kind == PickleKind::dict && i < items.size(); i += 2) {
    if (items[i]->text == "little_endian" && items[i + 1]->integer == 0) {
      throw Error("holds big-endian numbers", where, "save it on a little-endian machine");
    }
  }
}

/// Every storage that the object refers to, by its key.
std::map<std::string, PickledStorage> storages_of(const Pickle& pickle, const std::string& where) {
  std::map<std::string, PickledStorage> storages;
  for (const PickleNode& node : pickle.nodes) {
    if (node.kind != PickleKind::persistent) {
      continue;
    }
    PickledStorage storage = pickled_storage(node, where);
    const auto [known, added] = storages.emplace(storage.key, storage);
    if (!added &&
        (known->second.type != storage.type || known->second.elements != storage.elements)) {
      throw Error(fmt::format("describes storage '{}' in two ways", storage.key), where, kNotPth);
    }
  }
  return storages;
}

/// The numbers behind the pickles: for each key of a list their count, then they themselves.
std::map<std::string, Bytes> legacy_numbers(ByteReader& reader,
                                            const std::map<std::string, PickledStorage>& storages,
                                            const std::string& where) {
  const Pickle keys = read_pickle(reader, where);
  std::map<std::string, Bytes> numbers;
  for (const PickleNode* const key : keys.root->items) {
    const auto found = storages.find(key->text);
    const std::uint64_t count = reader.u64();
    if (found == storages.end() || found->second.elements != count) {
      throw Error(
          fmt::format("stores {} numbers as '{}', which nothing in it describes", count, key->text),
          where,
          kNotPth);
    }
    const std::size_t element = found->second.type ? bytes_of(*found->second.type) : 1;
    if (count > reader.left() / element) {
      throw Error(fmt::format("ends inside of storage '{}'", key->text), where, kNotPth);
    }
    numbers.emplace(key->text, reader.take(count * element));
  }
  return numbers;
}

void read_legacy_pth(Bytes bytes, const std::string& where, TensorFile& out) {
  ByteReader reader(bytes, where);
  check_legacy_start(reader, where);
  const Pickle pickle = read_pickle(reader, where);
  const auto numbers = legacy_numbers(reader, storages_of(pickle, where), where);
  const auto find = [&](const PickledStorage& storage) {
    const auto found = numbers.find(storage.key);
    if (found == numbers.end()) {
      throw Error(fmt::format("does not store '{}'", storage.key), where, kNotPth);
    }
    return found->second;
  };
  add_weights(*pickle.root, find, bytes.size(), where, out);
}

}  // namespace

TensorFile read_pth(const std::filesystem::path& file) {
  const auto mapped = std::make_shared<const MappedFile>(file);
  TensorFile out;
  out.keep(mapped);
  if (is_zip(mapped->bytes())) {
    read_pth_archive(mapped->bytes(), file.string(), out);
  } else {
    read_legacy_pth(mapped->bytes(), file.string(), out);
  }
  return out;
}

}  // namespace gradwatt
