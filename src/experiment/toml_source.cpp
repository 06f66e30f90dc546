#include "experiment/toml_source.h"

#include "base/closest_name.h"
#include "base/error.h"

#include <fmt/format.h>

#include <algorithm>

namespace gradwatt {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

std::string place(const std::string& file, const toml::source_position& at) {
  return fmt::format("{}:{}:{}", file, at.line, at.column);
}

toml::table parsed(const std::string& text, const std::string& file) {
  try {
    return toml::parse(std::string_view(text));
  } catch (const toml::parse_error& error) {
    throw UsageError(std::string(error.description()),
                     place(file, error.source().begin),
                     "correct that line; strings need quotes, tables are [name], lists are [1, 2]");
  }
}

std::string without_byte_order_mark(std::string text) {
  if (text.starts_with(kByteOrderMark)) {
    text.erase(0, kByteOrderMark.size());
  }
  return text;
}

}  // namespace

TomlSource::TomlSource(std::string text, std::string file)
    : text_(without_byte_order_mark(std::move(text))),
      file_(std::move(file)),
      root_(parsed(text_, file_)) {}

std::size_t TomlSource::byte_of(const toml::source_position& position) const {
  std::size_t byte = 0;
  for (toml::source_index line = 1; line < position.line; ++line) {
    byte = text_.find('\n', byte) + 1;
  }
  for (toml::source_index column = 1; column < position.column; ++column) {
    ++byte;  // The parser counts code points: step over the rest of a UTF-8 sequence.
    while (byte < text_.size() && (static_cast<unsigned char>(text_[byte]) & 0xc0U) == 0x80U) {
      ++byte;
    }
  }
  return byte;
}

const toml::table* TomlSource::table(std::string_view name) const {
  const toml::node* node = root_.get(name);
  if (node != nullptr && !node->is_table()) {
    fail(node->source(),
         fmt::format("'{}' has to be a table", name),
         fmt::format("write [{}] on a line of its own", name));
  }
  return node == nullptr ? nullptr : node->as_table();
}

std::string TomlSource::literal(const toml::node& scalar) const {
  if (scalar.is_string()) {
    return string(scalar, "value");
  }
  if (!scalar.is_number() && !scalar.is_boolean()) {
    fail(scalar.source(),
         scalar.is_table() || scalar.is_array() ? "a single value is needed here"
                                                : "dates cannot be substituted",
         "write a number, true, false or a \"string\"");
  }
  std::size_t begin = byte_of(scalar.source().begin);
  if (begin > 0 && (text_[begin - 1] == '+' || text_[begin - 1] == '-')) {
    --begin;  // The parser's position of a signed number is behind its sign.
  }
  const std::size_t end = std::min(text_.find_first_of(" \t\r\n,]}#", begin), text_.size());
  return text_.substr(begin, end - begin);
}

std::string TomlSource::string(const toml::node& node, std::string_view key) const {
  const auto* quoted = node.as_string();
  if (quoted == nullptr) {
    fail(node.source(),
         fmt::format("'{}' has to be a string", key),
         fmt::format("write {} = \"...\"", key));
  }
  if (quoted->get().find('\0') != std::string::npos) {
    fail(node.source(), "a NUL character cannot be part of a word", "remove it");
  }
  return quoted->get();
}

std::vector<TomlSource::Member> TomlSource::in_file_order(const toml::table& table) const {
  std::vector<Member> members;
  for (auto&& [key, node] : table) {
    members.emplace_back(&key, &node);
  }
  const auto position = [](const Member& member) {
    const toml::source_position at = member.first->source().begin;
    return std::pair(at.line, at.column);
  };
  std::sort(members.begin(), members.end(), [&](const Member& a, const Member& b) {
    return position(a) < position(b);
  });
  return members;
}

void TomlSource::refuse_unknown_keys(const toml::table& table,
                                     std::span<const std::string> known) const {
  for (const auto& [key, node] : in_file_order(table)) {
    const std::string name(key->str());
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      fail(key->source(), fmt::format("unknown key '{}'", name), known_names(name, known));
    }
  }
}

void TomlSource::fail(const toml::source_region& at,
                      std::string_view what,
                      std::string_view remedy) const {
  throw UsageError(what, place(file_, at.begin), remedy);
}

}  // namespace gradwatt
