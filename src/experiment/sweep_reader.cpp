#include "experiment/sweep_reader.h"

#include "base/closest_name.h"
#include "base/error.h"
#include "experiment/command_template.h"
#include "experiment/search_plan.h"
#include "units/quantity_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace gradwatt {
namespace {

using Names = std::vector<std::string>;

constexpr int kRepeatMax = 1000;

void read_command(const TomlSource& source, const toml::table& table, SweepFile& into) {
  const toml::node* command = table.get("command");
  const toml::node* workload = table.get("workload");
  if ((command == nullptr) == (workload == nullptr)) {
    source.fail(
        table.source(),
        command == nullptr ? "[sweep] says nothing to run" : "[sweep] has two things to run",
        "give either command = [\"python\", \"train.py\", ...] or workload = \"...\"");
  }
  if (workload != nullptr) {
    into.workload = source.string(*workload, "workload");
    if (into.workload.empty() || into.workload.front() == '-') {
      source.fail(workload->source(), "no such workload", "gradwatt-train --list shows them");
    }
    return;
  }
  if (!command->is_array() || command->as_array()->empty()) {
    source.fail(
        command->source(),
        "'command' has to be a list of words, as a program gets them",
        "write command = [\"python\", \"train.py\"]; a shell line is [\"sh\", \"-c\", \"...\"]");
  }
  for (const toml::node& word : *command->as_array()) {
    into.command.push_back(source.string(word, "command"));
  }
}

void read_order(const TomlSource& source, const toml::node& node, SweepFile& into) {
  const std::string text = source.string(node, "order");
  const Names known{"interleaved", "sequential", "random"};
  for (const auto order : {SweepOrder::interleaved, SweepOrder::sequential, SweepOrder::random}) {
    if (text == name_of(order)) {
      into.order = order;
      return;
    }
  }
  source.fail(node.source(), fmt::format("unknown order '{}'", text), known_names(text, known));
}

std::int64_t whole_number(const TomlSource& source,
                          const toml::node& node,
                          const char* key,
                          std::int64_t least) {
  const auto* number = node.as_integer();
  if (number == nullptr || number->get() < least) {
    source.fail(node.source(),
                fmt::format("'{}' has to be a whole number from {}", key, least),
                fmt::format("write {} = {}", key, std::max<std::int64_t>(least, 1)));
  }
  return number->get();
}

void read_rules(const TomlSource& source, const toml::table& table, SweepFile& into) {
  if (const auto* node = table.get("repeat")) {
    const auto repeat = whole_number(source, *node, "repeat", 1);
    if (repeat > kRepeatMax) {
      source.fail(node->source(), fmt::format("more than {} repeats", kRepeatMax), "repeat less");
    }
    into.repeat = static_cast<int>(repeat);
  }
  if (const auto* node = table.get("order")) {
    read_order(source, *node, into);
  }
  if (const auto* node = table.get("seed")) {
    into.seed = static_cast<std::uint64_t>(whole_number(source, *node, "seed", 0));
  }
  if (const auto* node = table.get("cooldown")) {
    const auto time = parse_duration(source.string(*node, "cooldown"));
    if (!time) {
      source.fail(
          node->source(), "'cooldown' is not a time", "write \"500ms\", \"30s\" or \"2 min\"");
    }
    into.cooldown = *time;
  }
  if (const auto* node = table.get("on_failure")) {
    const std::string text = source.string(*node, "on_failure");
    const Names known{"continue", "stop"};
    if (std::find(known.begin(), known.end(), text) == known.end()) {
      source.fail(
          node->source(), fmt::format("unknown on_failure '{}'", text), known_names(text, known));
    }
    into.stop_on_failure = text == "stop";
  }
}

void read_default(const TomlSource& source, const toml::node& node, SweepFile& into) {
  if (!node.is_table()) {
    source.fail(node.source(), "'default' has to name a cell", "write default = {batch = 64}");
  }
  std::map<std::string, std::string> given;
  for (const auto& member : source.in_file_order(*node.as_table())) {
    Factor factor = factor_of(source, member, into);
    given.emplace(std::move(factor.name), std::move(factor.value));
  }
  for (const Axis& axis : into.axes) {
    const auto value = given.find(axis.name);
    if (value == given.end()) {
      source.fail(node.source(),
                  fmt::format("'default' does not say which {}", axis.name),
                  "give a value for every axis");
    }
    into.default_cell.push_back({axis.name, value->second});
  }
}

/// names_in, with the word's place in an error.
Names names_in_word(const TomlSource& source, const toml::node& word) {
  try {
    return names_in(word.as_string()->get());
  } catch (const Error& error) {
    source.fail(word.source(), error.what(), "");
  }
}

std::vector<Factor> first_cell(const SweepFile& file) {
  std::vector<Factor> cell;
  for (const Axis& axis : file.axes) {
    cell.push_back({axis.name, axis.values.front()});
  }
  return cell;
}

}  // namespace

void read_sweep(const TomlSource& source, SweepFile& into) {
  const toml::table* table = source.table("sweep");
  if (table == nullptr || table->get("name") == nullptr) {
    source.fail(source.root().source(),
                "the sweep has no name",
                "begin with: [sweep], name = \"my-sweep\", command = [...]");
  }
  source.refuse_unknown_keys(*table,
                             Names{"name",
                                   "command",
                                   "workload",
                                   "repeat",
                                   "order",
                                   "seed",
                                   "cooldown",
                                   "on_failure",
                                   "default"});
  const toml::node& name = *table->get("name");
  into.name = source.string(name, "name");
  if (!is_file_name(into.name)) {
    source.fail(name.source(),
                "a sweep's name is also a file's name",
                "use up to 100 letters, digits, '_', '-' and '.', with no '.' in front");
  }
  read_command(source, *table, into);
  read_rules(source, *table, into);
  if (const auto* cell = table->get("default")) {
    read_default(source, *cell, into);
  }
}

void check_command(const TomlSource& source, const SweepFile& file) {
  if (!file.workload.empty()) {
    return;  // Every value becomes a flag.
  }
  Names known;
  for (const auto& [name, value] : values_of(file, first_cell(file), 0)) {
    known.push_back(name);
  }
  known.emplace_back("checkpoint");  // A file of the point's own.
  std::set<std::string> used;
  const toml::array& words = *source.root()["sweep"]["command"].as_array();
  for (const toml::node& word : words) {
    for (std::string& name : names_in_word(source, word)) {
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        source.fail(
            word.source(), fmt::format("nothing is called {{{}}}", name), known_names(name, known));
      }
      used.insert(std::move(name));
    }
  }
  for (const Axis& axis : file.axes) {
    if (!used.contains(axis.name)) {
      source.fail(words.source(),
                  fmt::format("axis {} changes nothing: the command does not name it", axis.name),
                  fmt::format("put {{{}}} into the command, or remove the axis", axis.name));
    }
  }
}

SweepFile parse_sweep_file(std::string text, const std::string& file) {
  const TomlSource source(std::move(text), file);
  source.refuse_unknown_keys(
      source.root(),
      Names{"sweep", "axes", "fixed", "exclude", "goal", "search", "limit", "launcher"});
  SweepFile sweep;
  read_axes(source, sweep);
  read_sweep(source, sweep);
  read_fixed(source, sweep);
  read_excluded(source, sweep);
  read_goal(source, sweep);
  read_limit(source, sweep);
  read_search(source, sweep);
  read_launcher(source, sweep);
  check_command(source, sweep);
  check_search(sweep, file);
  return sweep;
}

}  // namespace gradwatt
