#include "base/closest_name.h"
#include "base/error.h"
#include "experiment/command_template.h"
#include "experiment/sweep_reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace gradwatt {
namespace {

using Names = std::vector<std::string>;

void check_value_name(const TomlSource& source, const toml::key& key) {
  const std::string name(key.str());
  if (!is_file_name(name)) {
    source.fail(key.source(),
                fmt::format("'{}' cannot be the name of a value", name),
                "use letters, digits, '_', '-' and '.'");
  }
  if (name == "repeat") {
    source.fail(key.source(), "'repeat' is the repeat's number", "give this value another name");
  }
}

}  // namespace

bool is_file_name(const std::string& name) {
  constexpr std::size_t kLengthMax = 100;
  return !name.empty() && name.size() <= kLengthMax && name.front() != '.' &&
         name.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
             std::string::npos;
}

Factor factor_of(const TomlSource& source,
                 const TomlSource::Member& member,
                 const SweepFile& file) {
  const auto& [key, node] = member;
  const std::string name(key->str());
  const auto axis = std::find_if(
      file.axes.begin(), file.axes.end(), [&](const Axis& a) { return a.name == name; });
  if (axis == file.axes.end()) {
    Names known;
    for (const Axis& a : file.axes) {
      known.push_back(a.name);
    }
    source.fail(key->source(), fmt::format("no axis '{}'", name), known_names(name, known));
  }
  std::string value = source.literal(*node);
  if (std::find(axis->values.begin(), axis->values.end(), value) == axis->values.end()) {
    source.fail(node->source(),
                fmt::format("axis {} has no value written '{}'", name, value),
                fmt::format("write one of: {}", fmt::join(axis->values, ", ")));
  }
  return {name, std::move(value)};
}

Axis axis_of(const TomlSource& source, const TomlSource::Member& member) {
  const auto& [key, node] = member;
  check_value_name(source, *key);
  Axis axis{std::string(key->str()), {}};
  if (!node->is_array() || node->as_array()->empty()) {
    source.fail(node->source(),
                fmt::format("axis {} has to be a list of values", axis.name),
                fmt::format("write {} = [64, 256]; a single value belongs to [fixed]", axis.name));
  }
  std::set<double> numbers;
  for (const toml::node& value : *node->as_array()) {
    std::string text = source.literal(value);
    const auto number = value.is_number() ? value.value<double>() : std::nullopt;
    const bool written =
        std::find(axis.values.begin(), axis.values.end(), text) != axis.values.end();
    if (written || (number && !numbers.insert(*number).second)) {
      source.fail(value.source(),
                  fmt::format("axis {} has the value {} twice", axis.name, text),
                  "remove one; to run a setup several times, set repeat");
    }
    axis.values.push_back(std::move(text));
  }
  return axis;
}

void read_axes(const TomlSource& source, SweepFile& into) {
  const toml::table* table = source.table("axes");
  if (table == nullptr || table->empty()) {
    source.fail(table == nullptr ? source.root().source() : table->source(),
                "the sweep varies nothing",
                "add a table such as [axes] with batch = [64, 256]");
  }
  for (const TomlSource::Member& member : source.in_file_order(*table)) {
    into.axes.push_back(axis_of(source, member));
  }
}

/// { per = "ranks", values = [...] }: the texts in the order of the axis's values.
void read_following(const TomlSource& source,
                    const toml::table& choice,
                    const SweepFile& file,
                    FixedValue& into) {
  const toml::node& per = *choice.get("per");
  into.follows = source.string(per, "per");
  const auto axis = std::find_if(
      file.axes.begin(), file.axes.end(), [&](const Axis& a) { return a.name == into.follows; });
  if (axis == file.axes.end()) {
    source.fail(per.source(),
                fmt::format("{} follows '{}', which is no axis", into.name, into.follows),
                "name one of [axes]");
  }
  const toml::node* list = choice.get("values");
  const auto* values = list == nullptr ? nullptr : list->as_array();
  if (values == nullptr || values->size() != axis->values.size()) {
    source.fail(
        choice.source(),
        fmt::format("{} needs a value for each of the {} values of {}",
                    into.name,
                    axis->values.size(),
                    into.follows),
        fmt::format("write {} = {{ per = \"{}\", values = [...] }} with one for each of: {}",
                    into.name,
                    into.follows,
                    fmt::join(axis->values, ", ")));
  }
  for (std::size_t i = 0; i < axis->values.size(); ++i) {
    into.by_value[axis->values[i]] = source.literal(*values->get(i));
  }
}

FixedValue fixed_value_of(const TomlSource& source,
                          const TomlSource::Member& member,
                          const SweepFile& file) {
  const auto& [key, node] = member;
  check_value_name(source, *key);
  FixedValue fixed{std::string(key->str()), {}};
  const auto* choice = node->as_table();
  if (choice == nullptr) {
    fixed.per_repeat.push_back(source.literal(*node));
    return fixed;
  }
  source.refuse_unknown_keys(*choice, Names{"per_repeat", "template", "per", "values"});
  if (choice->get("per") != nullptr) {
    read_following(source, *choice, file, fixed);
    return fixed;
  }
  if (const toml::node* text = choice->get("template")) {
    fixed.is_template = true;
    fixed.per_repeat.push_back(source.string(*text, "template"));
    return fixed;
  }
  const toml::node* list = choice->get("per_repeat");
  const auto* values = list == nullptr ? nullptr : list->as_array();
  if (values == nullptr || values->size() < static_cast<std::size_t>(file.repeat)) {
    source.fail(node->source(),
                fmt::format("{} needs a value for each of {} repeats", fixed.name, file.repeat),
                fmt::format("write {} = {{ per_repeat = [1, 2, 3] }}", fixed.name));
  }
  for (const toml::node& value : *values) {
    fixed.per_repeat.push_back(source.literal(value));
  }
  return fixed;
}

void check_followed(const TomlSource& source, const FixedValue& fixed, const Axis& axis) {
  for (const std::string& value : axis.values) {
    if (!fixed.by_value.contains(value)) {
      source.fail(
          source.root().source(),
          fmt::format(
              "{} follows {} and is not told for {} = {}", fixed.name, axis.name, axis.name, value),
          "give it anew beside the axis, with a value for each of its values");
    }
  }
}

void check_following(const TomlSource& source, const SweepFile& file) {
  for (const FixedValue& fixed : file.fixed) {
    for (const Axis& axis : file.axes) {
      if (axis.name == fixed.follows) {
        check_followed(source, fixed, axis);
      }
    }
  }
}

void check_template(const TomlSource& source,
                    const TomlSource::Member& member,
                    const SweepFile& file) {
  Names known{"repeat", "seed"};
  for (const Axis& axis : file.axes) {
    known.push_back(axis.name);
  }
  const FixedValue* checked = nullptr;
  for (const FixedValue& fixed : file.fixed) {
    if (!fixed.is_template) {
      known.push_back(fixed.name);
    } else if (fixed.name == member.first->str()) {
      checked = &fixed;
    }
  }
  if (checked == nullptr) {
    return;
  }
  try {
    for (const std::string& name : names_in(checked->per_repeat.front())) {
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        source.fail(member.second->source(),
                    fmt::format("nothing that a template may name is called {{{}}}", name),
                    known_names(name, known));
      }
    }
  } catch (const UsageError&) {
    throw;
  } catch (const Error& error) {
    source.fail(member.second->source(), error.what(), "");
  }
}

void read_fixed(const TomlSource& source, SweepFile& into) {
  const toml::table* table = source.table("fixed");
  if (table == nullptr) {
    return;
  }
  for (const TomlSource::Member& member : source.in_file_order(*table)) {
    FixedValue fixed = fixed_value_of(source, member, into);
    if (std::any_of(into.axes.begin(), into.axes.end(), [&](const Axis& axis) {
          return axis.name == fixed.name;
        })) {
      source.fail(member.first->source(),
                  fmt::format("{} is an axis and cannot be fixed as well", fixed.name),
                  "remove it from one of the two tables");
    }
    into.fixed.push_back(std::move(fixed));
  }
  for (const TomlSource::Member& member : source.in_file_order(*table)) {
    check_template(source, member, into);
  }
}

void read_excluded(const TomlSource& source, SweepFile& into) {
  const toml::node* node = source.root().get("exclude");
  if (node == nullptr) {
    return;
  }
  const auto* list = node->as_array();
  if (list == nullptr || !list->is_homogeneous(toml::node_type::table)) {
    source.fail(node->source(), "'exclude' has to be a list of tables", "write [[exclude]]");
  }
  for (const toml::node& entry : *list) {
    std::vector<Factor> factors;
    for (const auto& member : source.in_file_order(*entry.as_table())) {
      factors.push_back(factor_of(source, member, into));
    }
    if (factors.empty()) {
      source.fail(entry.source(), "this [[exclude]] names no axis", "add a line such as lr = 1e-1");
    }
    into.excluded.push_back(std::move(factors));
  }
}

}  // namespace gradwatt
