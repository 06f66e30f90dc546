#include "experiment/sweep_overlay.h"

#include "experiment/sweep_reader.h"
#include "experiment/toml_source.h"
#include "units/quantity_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace gradwatt {
namespace {

void replace_axis(SweepFile& sweep, const TomlSource& source, const TomlSource::Member& member) {
  Axis axis = axis_of(source, member);
  const auto place = std::find_if(
      sweep.axes.begin(), sweep.axes.end(), [&](const Axis& a) { return a.name == axis.name; });
  if (place == sweep.axes.end()) {
    source.fail(member.first->source(),
                fmt::format("{} has no axis '{}'", sweep.name, axis.name),
                "a list of values replaces those of an axis that the sweep has");
  }
  *place = std::move(axis);
}

void overlay_member(SweepFile& sweep, const TomlSource& source, const TomlSource::Member& member) {
  const auto& [key, node] = member;
  if (key->str() == "repeat") {
    const auto repeat = node->value<std::int64_t>().value_or(0);
    if (repeat < 1 || repeat > 1000) {
      source.fail(node->source(), "'repeat' has to be a whole number from 1 to 1000", "repeat = 1");
    }
    sweep.repeat = static_cast<int>(repeat);
  } else if (key->str() == "cooldown") {
    const auto time = parse_duration(source.string(*node, "cooldown"));
    if (!time) {
      source.fail(node->source(), "'cooldown' is not a time", "write \"0s\" or \"30s\"");
    }
    sweep.cooldown = *time;
  } else if (key->str() == "workload") {
    sweep.workload = source.string(*node, "workload");
  } else if (node->is_boolean() && !*node->value<bool>()) {  // The text "false" is a value.
    std::erase_if(sweep.fixed,
                  [name = key->str()](const FixedValue& one) { return one.name == name; });
  } else if (node->is_array()) {
    replace_axis(sweep, source, member);
  } else {
    set_fixed(sweep, fixed_value_of(source, member, sweep));
    check_template(source, member, sweep);
  }
}

}  // namespace

void overlay_sweep(SweepFile& sweep,
                   const std::string& text,
                   const std::string& file,
                   std::span<const std::string> tables) {
  const TomlSource source(text, file);
  for (const std::string& name : tables) {
    if (const toml::table* table = source.table(name)) {
      for (const TomlSource::Member& member : source.in_file_order(*table)) {
        overlay_member(sweep, source, member);
      }
    }
  }
  check_following(source, sweep);
}

std::optional<std::string> overlay_value(const std::string& text,
                                         const std::string& file,
                                         std::string_view table,
                                         std::string_view key) {
  const TomlSource source(text, file);
  const toml::table* found = source.table(table);
  const toml::node* node = found == nullptr ? nullptr : found->get(key);
  return node == nullptr ? std::nullopt : std::optional(source.literal(*node));
}

void set_fixed(SweepFile& sweep, FixedValue value) {
  const auto place = std::find_if(sweep.fixed.begin(), sweep.fixed.end(), [&](const FixedValue& f) {
    return f.name == value.name;
  });
  if (place == sweep.fixed.end()) {
    sweep.fixed.push_back(std::move(value));
  } else {
    *place = std::move(value);
  }
}

}  // namespace gradwatt
