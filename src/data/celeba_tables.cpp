#include "data/celeba_tables.h"

#include "base/error.h"
#include "base/file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace gradwatt {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCelebaRemedy =
    "fetch CelebA from its authors (mmlab.ie.cuhk.edu.hk/projects/CelebA.html), or make a set of "
    "that form: gradwatt data make celeba";

/// The lines of a text with their numbers, split at runs of spaces.
class CelebaLines {
 public:
  explicit CelebaLines(fs::path file) : file_(std::move(file)) {
    auto text = read_text(file_);
    if (!text) {
      throw system_error("cannot read", file_.string(), errno, kCelebaRemedy);
    }
    text_ = std::move(*text);
    left_ = text_;
  }

  /// The words of the next line. nullopt at the end.
  std::optional<std::vector<std::string_view>> next() {
    if (trimmed(left_).empty()) {
      return std::nullopt;
    }
    ++line_;
    const auto length = std::min(left_.find('\n'), left_.size());
    std::string_view line = trimmed(left_.substr(0, length));
    left_.remove_prefix(std::min(length + 1, left_.size()));
    std::vector<std::string_view> words;
    while (!line.empty()) {
      const auto word = std::min(line.find_first_of(" \t"), line.size());
      words.push_back(line.substr(0, word));
      line.remove_prefix(word);
      line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    }
    return words;
  }

  [[nodiscard]] const fs::path& file() const { return file_; }
  [[nodiscard]] std::int64_t line() const { return line_; }
  [[nodiscard]] Error error(std::string_view what) const {
    return {what, fmt::format("{}:{}", file_.string(), line_), kCelebaRemedy};
  }

 private:
  fs::path file_;
  std::string text_;
  std::string_view left_;
  std::int64_t line_ = 0;
};

std::optional<std::int64_t> celeba_number(std::string_view word) {
  std::int64_t value = 0;
  const auto [end, code] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (code != std::errc() || end != word.data() + word.size()) {
    return std::nullopt;
  }
  return value;
}

bool is_image_name(std::string_view name) {
  return name.ends_with(".jpg") && name.find('/') == std::string_view::npos;
}

/// Where the attributes of an image are, and who asked for them.
struct AttributeRow {
  std::size_t first = 0;
  std::int64_t line = 0;
  bool has_identity = false;
};
using AttributeRows = std::unordered_map<std::string, AttributeRow>;

/// Appends the values; what is wrong with the line, in which case none are.
std::optional<std::string> read_attributes(const std::vector<std::string_view>& words,
                                           std::size_t names,
                                           std::vector<std::uint8_t>& values) {
  if (!is_image_name(words[0])) {
    return fmt::format("'{}' is no name of an image", words[0]);
  }
  if (words.size() != names + 1) {
    return fmt::format("has {} attributes instead of {}", words.size() - 1, names);
  }
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i] != "1" && words[i] != "-1") {
      values.erase(values.end() - static_cast<std::ptrdiff_t>(i - 1), values.end());
      return fmt::format("attribute {} is '{}' instead of 1 or -1", i, words[i]);
    }
    values.push_back(words[i] == "1" ? 1 : 0);
  }
  return std::nullopt;
}

AttributeRows read_attribute_file(const fs::path& file,
                                  CelebaTables& tables,
                                  const CelebaComplaint& complain) {
  CelebaLines lines(file);
  const auto head = lines.next();
  const auto count = head && head->size() == 1 ? celeba_number(head->front()) : std::nullopt;
  if (!count) {
    throw lines.error("is not the number of images");
  }
  const auto names = lines.next();
  if (!names || names->empty() || is_image_name(names->front())) {
    throw lines.error("does not name the attributes");
  }
  tables.attribute_names.assign(names->begin(), names->end());
  AttributeRows rows;
  std::int64_t found = 0;
  while (const auto words = lines.next()) {
    ++found;
    const std::size_t first = tables.attributes.size();
    if (words->empty()) {
      complain(file, lines.line(), "is empty");
    } else if (const auto wrong = read_attributes(*words, names->size(), tables.attributes)) {
      complain(file, lines.line(), *wrong);
    } else if (!rows.try_emplace(std::string(words->front()), AttributeRow{first, lines.line()})
                    .second) {
      tables.attributes.erase(tables.attributes.begin() + static_cast<std::ptrdiff_t>(first),
                              tables.attributes.end());
      complain(file, lines.line(), fmt::format("names {} a second time", words->front()));
    }
  }
  if (found != *count) {
    complain(file, 1, fmt::format("says {} images, but {} lines follow", *count, found));
  }
  return rows;
}

void read_identity_file(const fs::path& file,
                        AttributeRows& rows,
                        CelebaTables& tables,
                        const CelebaComplaint& complain) {
  CelebaLines lines(file);
  while (const auto words = lines.next()) {
    const auto number = words->size() == 2 ? celeba_number(words->back()) : std::nullopt;
    if (!number || *number < 0 || *number > 100'000'000 || !is_image_name(words->front())) {
      complain(file, lines.line(), "is not an image and the number of its identity");
      continue;
    }
    const std::string name(words->front());
    const auto row = rows.find(name);
    if (row == rows.end()) {
      complain(file, lines.line(), fmt::format("{} has no line in list_attr_celeba.txt", name));
    } else if (std::exchange(row->second.has_identity, true)) {
      complain(file, lines.line(), fmt::format("names {} a second time", name));
    } else {
      tables.images.push_back({name, static_cast<int>(*number), lines.line(), row->second.first});
    }
  }
  if (tables.images.empty()) {
    throw Error("names no image that can be used", file.string(), kCelebaRemedy);
  }
}

}  // namespace

fs::path celeba_root(const fs::path& folder) {
  for (const fs::path& root : {folder, folder / "celeba"}) {
    std::error_code ignored;
    if (fs::exists(root / "identity_CelebA.txt", ignored) ||
        fs::exists(root / "list_attr_celeba.txt", ignored)) {
      return root;
    }
  }
  return {};
}

CelebaTables read_celeba_tables(const fs::path& root, const CelebaComplaint& complain) {
  CelebaTables tables;
  const fs::path attribute_file = root / "list_attr_celeba.txt";
  AttributeRows rows = read_attribute_file(attribute_file, tables, complain);
  read_identity_file(root / "identity_CelebA.txt", rows, tables, complain);
  std::map<std::int64_t, std::string> alone;  // By line, so that the first comes first.
  for (const auto& [name, row] : rows) {
    if (!row.has_identity) {
      alone.emplace(row.line, name);
    }
  }
  for (const auto& [line, name] : alone) {
    complain(attribute_file, line, fmt::format("{} has no line in identity_CelebA.txt", name));
  }
  return tables;
}

std::vector<CelebaIdentity> most_represented(const CelebaTables& tables, int count) {
  std::map<int, CelebaIdentity> by_number;
  for (std::size_t i = 0; i < tables.images.size(); ++i) {
    CelebaIdentity& identity = by_number[tables.images[i].identity];
    identity.number = tables.images[i].identity;
    identity.images.push_back(i);
  }
  std::vector<CelebaIdentity> all;
  for (auto& [number, identity] : by_number) {
    all.push_back(std::move(identity));
  }
  // Stable, so that the lower number stays first.
  std::stable_sort(all.begin(), all.end(), [](const CelebaIdentity& a, const CelebaIdentity& b) {
    return a.images.size() > b.images.size();
  });
  all.resize(std::min(all.size(), static_cast<std::size_t>(count)));
  for (CelebaIdentity& identity : all) {
    std::sort(identity.images.begin(), identity.images.end(), [&](std::size_t a, std::size_t b) {
      return tables.images[a].name < tables.images[b].name;
    });
  }
  return all;
}

}  // namespace gradwatt
