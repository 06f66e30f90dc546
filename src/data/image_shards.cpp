#include "base/error.h"
#include "base/file.h"
#include "data/classed_images.h"
#include "data/side_by_side.h"
#include "data/tar_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <unordered_map>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kClassTextMax = 64;

/// "a/b/7.seg.jpg": key "a/b/7", folder "b".
struct MemberName {
  std::string_view key;
  std::string_view folder;
  std::string_view end;  ///< "seg.jpg"
};

MemberName parts_of(std::string_view name) {
  const std::size_t slash = name.rfind('/');
  const std::size_t file_at = slash == std::string_view::npos ? 0 : slash + 1;
  const std::size_t point = std::min(name.find('.', file_at), name.size());
  std::string_view folder = name.substr(0, file_at == 0 ? 0 : slash);
  folder = folder.substr(folder.rfind('/') + 1);
  return {name.substr(0, point), folder, name.substr(std::min(point + 1, name.size()))};
}

/// The images of one shard and what says their classes.
struct Shard {
  struct Image {
    std::string name;
    ByteRange bytes;
    std::optional<std::uint16_t> number;  ///< From a .cls.
  };
  std::vector<Image> images;
};

std::uint16_t class_number(const fs::path& archive, const TarMember& member) {
  constexpr const char* kRemedy = "a .cls holds the number of a class, from 0; write it again";
  const std::string where = fmt::format("{}:{}", archive.string(), member.name);
  std::string text;
  if (member.bytes.size <= kClassTextMax) {
    StoredImages one;
    one.open_archive(archive);
    one.add_member(member.name, member.bytes);
    std::vector<std::uint8_t> memory;
    const auto bytes = one.read(0, memory);
    text.assign(bytes.begin(), bytes.end());
  }
  const std::string_view digits = trimmed(text);
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size() ||
      number == 65535) {
    throw Error("is no number of a class", where, kRemedy);
  }
  return number;
}

Shard read_shard(const fs::path& archive) {
  Shard shard;
  std::unordered_map<std::string, std::uint16_t> numbers;
  for (TarMember& member : tar_index(archive)) {
    const MemberName name = parts_of(member.name);
    if (name.end == "cls") {
      numbers.emplace(name.key, class_number(archive, member));
    } else if (is_jpeg_name(member.name)) {
      shard.images.push_back({std::move(member.name), member.bytes, {}});
    }
  }
  std::size_t used = 0;
  for (Shard::Image& image : shard.images) {
    const auto found = numbers.find(std::string(parts_of(image.name).key));
    if (found != numbers.end()) {
      image.number = found->second;
      ++used;
    }
  }
  if (used < numbers.size()) {
    throw Error(fmt::format("holds {} members .cls without a photograph of the same name",
                            numbers.size() - used),
                archive.string(),
                "the archive is incomplete; fetch or write it again");
  }
  return shard;
}

[[noreturn]] void fail_without_class(const fs::path& archive, const Shard::Image& image) {
  throw Error("has no class: neither a member .cls of its name nor a folder that names it",
              fmt::format("{}:{}", archive.string(), image.name),
              "write the shards again, each photograph with its KEY.cls");
}

/// Classes by the images' folders, or by numbers when there are any.
std::vector<std::string> shard_class_names(const std::vector<Shard>& shards, bool has_numbers) {
  std::set<std::string, std::less<>> folders;
  std::size_t highest = 0;
  for (const Shard& shard : shards) {
    for (const Shard::Image& image : shard.images) {
      if (has_numbers) {
        highest = std::max<std::size_t>(highest, image.number.value_or(0));
      } else {
        folders.emplace(parts_of(image.name).folder);
      }
    }
  }
  if (!has_numbers) {
    return {folders.begin(), folders.end()};
  }
  std::vector<std::string> names;
  for (std::size_t i = 0; i <= highest; ++i) {
    names.push_back(fmt::format("{}", i));
  }
  return names;
}

std::uint16_t class_of(const Shard::Image& image, const std::vector<std::string>& names) {
  const auto place =
      std::lower_bound(names.begin(), names.end(), parts_of(image.name).folder) - names.begin();
  return static_cast<std::uint16_t>(place);
}

}  // namespace

ClassedImages image_shards(const std::vector<fs::path>& archives) {
  std::vector<Shard> shards(archives.size());
  side_by_side(archives.size(), [&](std::size_t i) { shards[i] = read_shard(archives[i]); });
  const bool has_numbers = std::any_of(shards.begin(), shards.end(), [](const Shard& shard) {
    return std::any_of(shard.images.begin(), shard.images.end(), [](const Shard::Image& image) {
      return image.number.has_value();
    });
  });
  ClassedImages all;
  all.class_names = shard_class_names(shards, has_numbers);
  if (all.class_names.size() > 65535) {
    throw Error("more than 65535 classes", archives.front().string());
  }
  for (std::size_t i = 0; i < shards.size(); ++i) {
    all.images.open_archive(archives[i]);
    for (const Shard::Image& image : shards[i].images) {
      if (has_numbers ? !image.number : parts_of(image.name).folder.empty()) {
        fail_without_class(archives[i], image);
      }
      all.images.add_member(image.name, image.bytes);
      all.classes.push_back(has_numbers ? *image.number : class_of(image, all.class_names));
    }
  }
  if (all.count() == 0) {
    throw Error("no JPEG photograph in these archives",
                archives.empty() ? std::string("shards") : archives.front().string(),
                "name the folder of the shards: docs/imagenet.md shows their form");
  }
  return all;
}

}  // namespace gradwatt
