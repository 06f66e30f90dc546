#include "data/stored_images.h"

#include "base/error.h"
#include "base/expects.h"
#include "base/unique_fd.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

namespace gradwatt {
namespace {

constexpr std::uint64_t kStoredImageMax = std::uint64_t{64} << 20U;

/// FNV-1a, 64 bits. Source: Fowler, Noll, Vo, RFC 9923.
class NameHash {
 public:
  void add(std::string_view text) {
    for (const char c : text) {
      value_ = (value_ ^ static_cast<std::uint8_t>(c)) * 0x100000001b3U;
    }
  }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325U;
};

/// Reads until `bytes` is full or the file ends; returns how many came, nullopt with errno set when
/// that failed.
std::optional<std::size_t> read_at(int fd, std::span<std::uint8_t> bytes, std::uint64_t offset) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got =
        ::pread(fd, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno != EINTR) {
      return std::nullopt;
    }
    if (got == 0) {
      break;
    }
    done += got > 0 ? static_cast<std::size_t>(got) : 0;
  }
  return done;
}

}  // namespace

void StoredImages::open_folder(std::filesystem::path folder) {
  containers_.push_back({std::move(folder), false});
}

void StoredImages::open_archive(std::filesystem::path file) {
  containers_.push_back({std::move(file), true});
}

void StoredImages::add_file(std::string_view name) {
  expects(!containers_.empty() && !containers_.back().is_archive, "a folder to be in");
  add(name, {});
}

void StoredImages::add_member(std::string_view name, ByteRange bytes) {
  expects(!containers_.empty() && containers_.back().is_archive, "an archive to be in");
  add(name, bytes);
}

void StoredImages::add(std::string_view name, ByteRange bytes) {
  items_.push_back({.name_at = names_.size(),
                    .name_size = static_cast<std::uint32_t>(name.size()),
                    .container = static_cast<std::uint32_t>(containers_.size() - 1),
                    .bytes = bytes});
  names_ += name;
}

std::string_view StoredImages::own_name(const Item& item) const {
  return std::string_view(names_).substr(item.name_at, item.name_size);
}

std::filesystem::path StoredImages::file_of(const Item& item) const {
  const Container& container = containers_[item.container];
  return container.is_archive ? container.path : container.path / own_name(item);
}

std::string StoredImages::name(std::int64_t index) const {
  const Item& item = items_.at(static_cast<std::size_t>(index));
  const std::string file = file_of(item).string();
  return containers_[item.container].is_archive ? fmt::format("{}:{}", file, own_name(item)) : file;
}

std::span<const std::uint8_t> StoredImages::read(std::int64_t index,
                                                 std::vector<std::uint8_t>& memory) const {
  expects(index >= 0 && index < count(), "the index of an image");
  const Item& item = items_[static_cast<std::size_t>(index)];
  const bool is_member = containers_[item.container].is_archive;
  const UniqueFd fd(::open(file_of(item).c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) {
    throw system_error("cannot open", name(index), errno);
  }
  std::uint64_t size = item.bytes.size;
  if (!is_member) {
    struct stat about {};
    if (::fstat(fd.get(), &about) != 0) {
      throw system_error("cannot read", name(index), errno);
    }
    size = static_cast<std::uint64_t>(about.st_size);
  }
  if (size > kStoredImageMax) {
    throw Error(fmt::format("has {} bytes, too many for an image", size), name(index));
  }
  if (memory.size() < size) {
    memory.resize(size);
  }
  const auto bytes = std::span(memory).first(size);
  const std::optional<std::size_t> got = read_at(fd.get(), bytes, item.bytes.offset);
  if (!got) {
    throw system_error("cannot read", name(index), errno);
  }
  if (*got < size) {
    throw Error("ends too early: the file became shorter", name(index), "fetch the file again");
  }
  return bytes;
}

std::string StoredImages::key() const {
  NameHash hash;
  std::uint32_t archive_seen = ~std::uint32_t{0};
  for (const Item& item : items_) {
    const bool is_member = containers_[item.container].is_archive;
    if (!is_member || item.container != archive_seen) {
      archive_seen = item.container;
      const std::filesystem::path file = file_of(item);
      struct stat about {};
      if (::stat(file.c_str(), &about) != 0) {
        throw system_error("cannot open", file.string(), errno);
      }
      hash.add(fmt::format("{}\n{} {} {}\n",
                           file.string(),
                           about.st_size,
                           about.st_mtim.tv_sec,
                           about.st_mtim.tv_nsec));
    }
    hash.add(fmt::format("{} {}\n", item.bytes.offset, item.bytes.size));
  }
  return fmt::format("{} images, {:016x}", items_.size(), hash.value());
}

void StoredImages::keep(std::span<const std::int64_t> indices) {
  std::vector<Item> kept;
  kept.reserve(indices.size());
  for (const std::int64_t index : indices) {
    kept.push_back(items_.at(static_cast<std::size_t>(index)));
  }
  items_ = std::move(kept);
}

}  // namespace gradwatt
