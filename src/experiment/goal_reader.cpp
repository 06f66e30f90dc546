#include "analyze/goal.h"
#include "experiment/sweep_reader.h"
#include "units/quantity_text.h"

#include <fmt/format.h>

#include <cmath>

namespace gradwatt {
namespace {

using Names = std::vector<std::string>;

std::optional<double> number_at(const TomlSource& source,
                                const toml::table& table,
                                const char* key) {
  const toml::node* node = table.get(key);
  if (node == nullptr) {
    return std::nullopt;
  }
  const auto number = node->is_number() ? node->value<double>() : std::nullopt;
  if (!number || !std::isfinite(*number)) {
    source.fail(node->source(),
                fmt::format("'{}' has to be a number", key),
                fmt::format("write {} = 0.01", key));
  }
  return number;
}

}  // namespace

void read_goal(const TomlSource& source, SweepFile& into) {
  const toml::table* table = source.table("goal");
  if (table == nullptr) {
    return;
  }
  source.refuse_unknown_keys(*table, Names{"metric", "reach", "best_minus", "smaller_is_better"});
  const toml::node* metric = table->get("metric");
  if (metric == nullptr) {
    source.fail(table->source(), "[goal] names no metric", "add metric = \"val_acc\"");
  }
  Goal goal;
  goal.metric = source.string(*metric, "metric");
  if (!is_file_name(goal.metric)) {
    source.fail(metric->source(),
                fmt::format("'{}' cannot be a metric's name", goal.metric),
                "use letters, digits, '_', '-' and '.', as in the METRIC mark");
  }
  goal.reach = number_at(source, *table, "reach");
  goal.best_minus = number_at(source, *table, "best_minus");
  if (goal.reach.has_value() == goal.best_minus.has_value()) {
    source.fail(table->source(),
                goal.reach ? "[goal] has two thresholds" : "[goal] has no threshold",
                "give either reach = 0.9 or best_minus = 0.01");
  }
  if (goal.best_minus && *goal.best_minus < 0) {
    source.fail(table->get("best_minus")->source(),
                "'best_minus' is a distance and cannot be negative",
                "write best_minus = 0.01");
  }
  goal.smaller_is_better = sounds_like_a_loss(goal.metric);
  if (const toml::node* smaller = table->get("smaller_is_better")) {
    if (!smaller->is_boolean()) {
      source.fail(smaller->source(), "'smaller_is_better' is true or false", "write true or false");
    }
    goal.smaller_is_better = smaller->as_boolean()->get();
  }
  into.goal = std::move(goal);
}

void read_limit(const TomlSource& source, SweepFile& into) {
  const toml::table* table = source.table("limit");
  if (table == nullptr) {
    return;
  }
  source.refuse_unknown_keys(*table, Names{"max_energy"});
  if (const toml::node* node = table->get("max_energy")) {
    into.energy_max = parse_energy(source.string(*node, "max_energy"));
    if (!into.energy_max || *into.energy_max == Energy{}) {
      source.fail(node->source(),
                  "'max_energy' is not an energy",
                  "write \"500 Wh\", \"1.8 MJ\" or \"2 kWh\"");
    }
  }
}

}  // namespace gradwatt
