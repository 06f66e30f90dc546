#pragma once

#include <toml++/toml.h>

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gradwatt {

/// A TOML text together with its parse, so that values can be had as they were written and errors
/// can say where they are. Not copied: the table's nodes are handed out by reference.
class TomlSource {
 public:
  /// Throws UsageError "FILE:LINE:COLUMN: what" when `text` is not TOML.
  TomlSource(std::string text, std::string file);
  TomlSource(const TomlSource&) = delete;
  TomlSource& operator=(const TomlSource&) = delete;

  [[nodiscard]] const toml::table& root() const { return root_; }

  /// The table `name` at the top of the file; nullptr when there is none.
  /// Throws UsageError when it is something else than a table.
  [[nodiscard]] const toml::table* table(std::string_view name) const;

  /// A scalar as text: a number or boolean exactly as the file spells it (1e-4 stays "1e-4"), a
  /// string without its quotes and with its escapes resolved.
  /// Throws UsageError for dates, arrays and tables.
  [[nodiscard]] std::string literal(const toml::node& scalar) const;

  /// A scalar that must be a string. Throws UsageError naming `key`.
  [[nodiscard]] std::string string(const toml::node& node, std::string_view key) const;

  /// The members of a table in the order in which the file has them.
  using Member = std::pair<const toml::key*, const toml::node*>;
  [[nodiscard]] std::vector<Member> in_file_order(const toml::table& table) const;

  /// Throws UsageError for the first key of `table` that is not `known`, and says what is.
  void refuse_unknown_keys(const toml::table& table, std::span<const std::string> known) const;

  /// Throws UsageError "FILE:LINE:COLUMN: what", with the remedy.
  [[noreturn]] void fail(const toml::source_region& at,
                         std::string_view what,
                         std::string_view remedy) const;

 private:
  [[nodiscard]] std::size_t byte_of(const toml::source_position& position) const;

  std::string text_;
  std::string file_;
  toml::table root_;
};

}  // namespace gradwatt
