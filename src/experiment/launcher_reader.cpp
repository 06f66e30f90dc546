#include "base/closest_name.h"
#include "experiment/slurm_arrays.h"
#include "experiment/sweep_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace gradwatt {
namespace {

constexpr std::int64_t kProcessesMax = 1'000'000;

int positive_count(const TomlSource& source,
                   const toml::table& table,
                   const char* key,
                   int otherwise) {
  const toml::node* node = table.get(key);
  if (node == nullptr) {
    return otherwise;
  }
  const auto* number = node->as_integer();
  if (number == nullptr || number->get() < 1 || number->get() > kProcessesMax) {
    source.fail(node->source(),
                fmt::format("'{}' has to be a whole number from 1", key),
                fmt::format("write {} = 4", key));
  }
  return static_cast<int>(number->get());
}

/// Every text that an axis or a fixed value has; nullopt where there is none of that name.
std::optional<std::vector<std::string>> texts_of(const SweepFile& file, const std::string& name) {
  const auto axis = std::find_if(
      file.axes.begin(), file.axes.end(), [&](const Axis& a) { return a.name == name; });
  if (axis != file.axes.end()) {
    return axis->values;
  }
  const auto fixed = std::find_if(
      file.fixed.begin(), file.fixed.end(), [&](const FixedValue& f) { return f.name == name; });
  if (fixed == file.fixed.end()) {
    return std::nullopt;
  }
  std::vector<std::string> texts = fixed->per_repeat;
  for (const auto& [of_axis, text] : fixed->by_value) {
    texts.push_back(text);
  }
  return texts;
}

std::string known_values(const SweepFile& file, const std::string& typed) {
  std::vector<std::string> names;
  for (const Axis& axis : file.axes) {
    names.push_back(axis.name);
  }
  for (const FixedValue& fixed : file.fixed) {
    names.push_back(fixed.name);
  }
  return known_names(typed, names);
}

/// The axis or fixed value that `key` names, as in ntasks = "ranks"; empty where it is a number or
/// absent. All its values have to be whole numbers from 1.
std::string name_in(const TomlSource& source,
                    const toml::table& table,
                    const char* key,
                    const SweepFile& file) {
  const toml::node* node = table.get(key);
  if (node == nullptr || !node->is_string()) {
    return "";
  }
  std::string name = source.string(*node, key);
  const auto texts = texts_of(file, name);
  if (!texts) {
    source.fail(node->source(),
                fmt::format("'{}' names \"{}\", which is no axis and no fixed value", key, name),
                known_values(file, name));
  }
  for (const std::string& text : *texts) {
    if (!process_count(text)) {
      source.fail(node->source(),
                  fmt::format("'{}' names \"{}\", which may be {}", key, name, text),
                  "all its values have to be whole numbers from 1");
    }
  }
  return name;
}

/// How many nodes and tasks a point has: numbers, or the names of what says so for each point.
void read_size(const TomlSource& source,
               const toml::table& table,
               const SweepFile& file,
               SlurmLauncher& into) {
  into.nodes_from = name_in(source, table, "nodes", file);
  into.ntasks_from = name_in(source, table, "ntasks", file);
  into.nodes = into.nodes_from.empty() ? positive_count(source, table, "nodes", 1) : 1;
  into.ntasks = into.ntasks_from.empty() ? positive_count(source, table, "ntasks", into.nodes) : 1;
  if (!table.contains("ntasks")) {
    into.ntasks_from = into.nodes_from;
  }
  into.tasks_per_node = positive_count(source, table, "tasks_per_node", 0);
  if (into.tasks_per_node > 0 && (table.contains("nodes") || !table.contains("ntasks"))) {
    source.fail(table.get("tasks_per_node")->source(),
                "'tasks_per_node' needs 'ntasks', and excludes 'nodes'",
                "the nodes of a point are its ntasks by tasks_per_node, rounded up");
  }
  if (!into.asks_points() && into.tasks_per_node == 0 && into.ntasks < into.nodes) {
    source.fail(table.get("ntasks")->source(),
                "fewer tasks than nodes",
                "ntasks counts the processes of a point on all its nodes together");
  }
}

/// Options that the sweep sets itself, and what to write instead.
constexpr std::array<std::array<std::string_view, 3>, 11> kOwnOptions{{
    {"--nodes", "-N", "write nodes = ... in [launcher]"},
    {"--ntasks", "-n", "write ntasks = ... in [launcher]"},
    {"--array", "-a", "the sweep makes the array; array_parallel limits how many run at once"},
    {"--job-name", "-J", "the sweep finds its jobs by their name"},
    {"--output", "-o", "each point's output is in the store, as with the local launcher"},
    {"--error", "-e", "each point's output is in the store, as with the local launcher"},
    {"--chdir", "-D", "points start in the folder where the sweep was started"},
    {"--wrap", "--wrap", "the command is in [sweep]"},
    {"--wait", "-W", "a sweep returns at once; run it again to see how far it is"},
    {"--parsable", "--parsable", "the sweep reads what sbatch answers"},
    {"--test-only", "--test-only", "gradwatt sweep --dry-run prints what would be submitted"},
}};

void check_option(const TomlSource& source, const toml::node& node, const std::string& option) {
  if (!option.starts_with("-") || option == "-" || option == "--") {
    source.fail(node.source(),
                fmt::format("'{}' is no option of sbatch", option),
                "write each option as one word, as in \"--partition=gpu\"");
  }
  for (const auto& [long_name, short_name, instead] : kOwnOptions) {
    const bool is_long = option == long_name || option.starts_with(std::string(long_name) + "=");
    const bool is_short = short_name.size() == 2 && option.starts_with(short_name);
    if (is_long || is_short) {
      source.fail(node.source(),
                  fmt::format("'{}' is set by the sweep itself", option),
                  std::string(instead));
    }
  }
}

SlurmLauncher slurm_of(const TomlSource& source, const toml::table& table, const SweepFile& file) {
  SlurmLauncher slurm;
  read_size(source, table, file, slurm);
  if (const toml::node* node = table.get("sbatch")) {
    if (!node->is_array()) {
      source.fail(node->source(),
                  "'sbatch' has to be a list of options",
                  "write sbatch = [\"--partition=gpu\", \"--time=1:00:00\"]");
    }
    for (const toml::node& word : *node->as_array()) {
      slurm.sbatch.push_back(source.string(word, "sbatch"));
      check_option(source, word, slurm.sbatch.back());
      if (slurm.tasks_per_node > 0 && slurm.sbatch.back().starts_with("--ntasks-per-node")) {
        source.fail(word.source(), "'tasks_per_node' says that already", "give one of the two");
      }
    }
  }
  slurm.array_parallel = positive_count(source, table, "array_parallel", 0);
  return slurm;
}

/// What one process that watches all points can promise, and a job array cannot.
void refuse_what_needs_watching(const TomlSource& source, const SweepFile& file) {
  const toml::table& sweep = *source.table("sweep");
  if (file.stop_on_failure) {
    source.fail(sweep.get("on_failure")->source(),
                "on_failure = \"stop\" cannot be kept with Slurm, which runs points at once",
                "remove it, or use the local launcher");
  }
  const toml::table* limit = source.table("limit");
  if (file.energy_max && limit != nullptr) {
    source.fail(limit->source(),
                "max_energy cannot be kept with Slurm, where nobody watches the sweep",
                "remove it, or use the local launcher");
  }
}

}  // namespace

void read_launcher(const TomlSource& source, SweepFile& into) {
  const toml::table* table = source.table("launcher");
  if (table == nullptr) {
    return;
  }
  const toml::node* kind = table->get("kind");
  const std::string name = kind != nullptr ? source.string(*kind, "kind") : "local";
  if (kind != nullptr && name != "local" && name != "slurm") {
    source.fail(kind->source(),
                fmt::format("there is no kind \"{}\"", name),
                "available: \"local\", \"slurm\"");
  }
  std::vector<std::string> known{"kind"};
  if (name == "slurm") {
    known.insert(known.end(), {"sbatch", "nodes", "ntasks", "tasks_per_node", "array_parallel"});
  }
  source.refuse_unknown_keys(*table, known);
  if (name == "slurm") {
    into.slurm = slurm_of(source, *table, into);
    refuse_what_needs_watching(source, into);
  }
}

}  // namespace gradwatt
