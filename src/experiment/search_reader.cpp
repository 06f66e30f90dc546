#include "analyze/replay_summary.h"
#include "base/closest_name.h"
#include "base/error.h"
#include "experiment/command_template.h"
#include "experiment/search_plan.h"
#include "experiment/sweep_reader.h"
#include "units/quantity_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace gradwatt {
namespace {

constexpr int kConfirmMax = 100;

/// A number within bounds, or what it is without the key.
double bounded(const TomlSource& source,
               const toml::table& table,
               const char* key,
               std::pair<double, double> bounds,
               double otherwise) {
  const toml::node* node = table.get(key);
  if (node == nullptr) {
    return otherwise;
  }
  const auto number = node->is_number() ? node->value<double>() : std::nullopt;
  if (!number || !(*number >= bounds.first) || !(*number <= bounds.second)) {
    source.fail(
        node->source(),
        fmt::format("'{}' has to be a number from {} to {}", key, bounds.first, bounds.second),
        fmt::format("write {} = {}", key, otherwise));
  }
  return *number;
}

int counted(const TomlSource& source,
            const toml::table& table,
            const char* key,
            std::pair<int, int> bounds,
            int otherwise) {
  const toml::node* node = table.get(key);
  if (node != nullptr && !node->is_integer()) {
    source.fail(node->source(), fmt::format("'{}' has to be a whole number", key), "write 2");
  }
  return static_cast<int>(bounded(source, table, key, bounds, otherwise));
}

bool truth(const TomlSource& source, const toml::table& table, const char* key) {
  const toml::node* node = table.get(key);
  if (node != nullptr && !node->is_boolean()) {
    source.fail(node->source(), fmt::format("'{}' is true or false", key), "write true or false");
  }
  return node != nullptr && node->as_boolean()->get();
}

SearchStrategy strategy_at(const TomlSource& source, const toml::node& node) {
  const std::string name = source.string(node, "strategy");
  const auto strategy = search_strategy_named(name);
  if (!strategy) {
    source.fail(node.source(),
                fmt::format("there is no strategy \"{}\"", name),
                known_names(name, search_strategy_names()));
  }
  return *strategy;
}

std::vector<std::string> profile_at(const TomlSource& source,
                                    const toml::node& node,
                                    const SweepFile& file) {
  std::vector<std::string> axes;
  std::vector<std::string> known;
  for (const Axis& axis : file.axes) {
    known.push_back(axis.name);
  }
  if (!node.is_array()) {
    source.fail(node.source(), "'profile' is a list of axes", "write profile = [\"batch\"]");
  }
  for (const toml::node& one : *node.as_array()) {
    axes.push_back(source.string(one, "profile"));
    if (std::find(known.begin(), known.end(), axes.back()) == known.end()) {
      source.fail(one.source(),
                  fmt::format("'{}' is no axis", axes.back()),
                  known_names(axes.back(), known));
    }
  }
  return axes;
}

bool names_in_command(const SweepFile& file, const std::string& name) {
  return std::any_of(file.command.begin(), file.command.end(), [&](const std::string& word) {
    const auto names = names_in(word);
    return std::find(names.begin(), names.end(), name) != names.end();
  });
}

/// Schedules of gradwatt-train whose course depends on how many epochs there are in all.
bool follows_all_epochs(const std::string& schedule) {
  return schedule == "cosine" || schedule == "poly" || schedule == "milestones";
}

void refuse_schedules(const SweepFile& file, const std::string& where) {
  const auto refuse = [&](const std::string& schedule) {
    if (follows_all_epochs(schedule)) {
      throw UsageError(
          fmt::format("the schedule {} follows the number of all epochs, which changes in a race",
                      schedule),
          where,
          "a training that is paused and continued would not be the same: use "
          "strategy = \"sequential-cap\", or a schedule that does not, as constant or step");
    }
  };
  for (const Axis& axis : file.axes) {
    if (axis.name == "schedule") {
      std::for_each(axis.values.begin(), axis.values.end(), refuse);
    }
  }
  for (const FixedValue& fixed : file.fixed) {
    if (fixed.name == "schedule") {
      std::for_each(fixed.per_repeat.begin(), fixed.per_repeat.end(), refuse);
    }
  }
}

void check_continuing(const SweepFile& file, const std::string& where) {
  const char* strategy = name_of(file.search.strategy);
  if (epochs_limit(file) == 0) {
    throw UsageError(fmt::format("{} has to know how many epochs a training may have", strategy),
                     where,
                     file.workload.empty() ? "write epochs = 100 in [fixed]"
                                           : "write max_epochs = 100 in [fixed]");
  }
  if (!file.workload.empty()) {
    refuse_schedules(file, where);
    return;
  }
  if (!names_in_command(file, "epochs") || !names_in_command(file, "checkpoint")) {
    throw UsageError(
        fmt::format("{} pauses trainings and goes on with them later", strategy),
        where,
        "put {epochs} and {checkpoint} into the command: it has to train until that many epochs in "
        "all, save to that file after each, and go on from it when it is there; else use "
        "strategy = \"sequential-cap\"");
  }
  if (!file.search.continues) {
    throw UsageError(
        fmt::format("{} needs your word that the training goes on exactly", strategy),
        where,
        "write continues = true in [search] when nothing in it depends on {epochs}, such as a "
        "cosine schedule, which is another one for every number of epochs; else use "
        "strategy = \"sequential-cap\"");
  }
}

}  // namespace

void read_search(const TomlSource& source, SweepFile& into) {
  const toml::table* table = source.table("search");
  if (table == nullptr) {
    return;
  }
  source.refuse_unknown_keys(*table,
                             std::vector<std::string>{"strategy",
                                                      "eta",
                                                      "gamma",
                                                      "cap",
                                                      "rung_epochs",
                                                      "grace",
                                                      "budget",
                                                      "confirm",
                                                      "trainings",
                                                      "baseline",
                                                      "continues",
                                                      "profile"});
  SearchSettings& search = into.search;
  if (const toml::node* node = table->get("strategy")) {
    search.strategy = strategy_at(source, *node);
  }
  search.eta = bounded(source, *table, "eta", {2, 100}, search.eta);
  search.cap = bounded(source, *table, "cap", {1, 1000}, search.cap);
  search.gamma = bounded(source, *table, "gamma", {0, 1000}, search.gamma);
  search.rung_epochs = counted(source, *table, "rung_epochs", {1, 1'000'000}, search.rung_epochs);
  search.confirm = counted(source, *table, "confirm", {0, kConfirmMax}, search.confirm);
  if (table->get("trainings") != nullptr) {
    search.trainings = counted(source, *table, "trainings", {1, 1'000'000'000}, 1);
  }
  search.baseline = truth(source, *table, "baseline");
  search.continues = truth(source, *table, "continues");
  if (const toml::node* node = table->get("grace")) {
    const auto grace = parse_duration(source.string(*node, "grace"));
    if (!grace) {
      source.fail(node->source(), "'grace' is not a time", "write \"10s\" or \"2 min\"");
    }
    search.grace = *grace;
  }
  if (const toml::node* node = table->get("budget")) {
    search.budget = parse_energy(source.string(*node, "budget"));
    if (!search.budget || *search.budget == Energy{}) {
      source.fail(node->source(), "'budget' is not an energy", "write \"500 Wh\" or \"20 kJ\"");
    }
  }
  if (const toml::node* node = table->get("profile")) {
    search.profile = profile_at(source, *node, into);
  }
}

void check_search(const SweepFile& file, const std::string& where) {
  const SearchSettings& search = file.search;
  if (search.strategy == SearchStrategy::grid) {
    return;
  }
  const char* strategy = name_of(search.strategy);
  if (!file.goal) {
    throw UsageError(fmt::format("{} has nothing to race for", strategy),
                     where,
                     "add [goal] with a metric and reach = ...");
  }
  if (file.slurm) {
    throw UsageError(fmt::format("{} decides after each training: no job array", strategy),
                     where,
                     "use kind = \"local\", or strategy = \"grid\"");
  }
  if (search.gamma != 0 && search.gamma < 1) {
    throw UsageError("a gamma below 1 stops trainings that are ahead of the best",
                     where,
                     "write gamma = 2, or 0 for none");
  }
  for (const FixedValue& fixed : file.fixed) {
    const auto repeats =
        static_cast<std::size_t>(file.repeat) + static_cast<std::size_t>(search.confirm);
    if (fixed.per_repeat.size() > 1 && fixed.per_repeat.size() < repeats) {
      throw UsageError(fmt::format("{} has too few values for the runs of confirm", fixed.name),
                       where,
                       fmt::format("give {} of them", repeats));
    }
  }
  if (search.strategy == SearchStrategy::successive_halving &&
      (search.baseline || file.goal->best_minus)) {
    throw UsageError("successive-halving races from the first epoch on and trains no default first",
                     where,
                     "give the goal as reach = ..., and no baseline");
  }
  if (continues_trainings(search.strategy)) {
    check_continuing(file, where);
  }
}

}  // namespace gradwatt
