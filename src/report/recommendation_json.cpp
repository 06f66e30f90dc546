#include "report/recommendation_json.h"

#include "report/advice_words.h"
#include "report/fresh_words.h"
#include "report/recommendation_flags.h"
#include "report/recommendation_words.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <variant>

namespace gradwatt {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kRecommendationSchema = 1;

Json factors_of(const Grid& grid, std::size_t setup) {
  Json json = Json::object();
  const auto& place = grid.setups[setup].place;
  for (std::size_t axis = 0; axis < place.size(); ++axis) {
    json[grid.axes[axis].name] = grid.axes[axis].values[place[axis]];
  }
  return json;
}

Json factors_or_null(const Grid& grid, const std::optional<std::size_t>& setup) {
  return setup ? factors_of(grid, *setup) : Json(nullptr);
}

void put_interval(Json& json, const std::optional<Interval>& interval, const std::string& prefix) {
  json[prefix + "lo"] = interval ? Json(interval->lo) : Json(nullptr);
  json[prefix + "hi"] = interval ? Json(interval->hi) : Json(nullptr);
}

Json ratio_json(const Ratio& ratio) {
  Json json{{"value", ratio.value}};
  put_interval(json, ratio.interval, "");
  return json;
}

/// NAME UNIT with its bounds beside it: energy_to_goal_j, energy_to_goal_lo_j, energy_to_goal_hi_j.
void put_estimate(Json& json,
                  const std::optional<Estimate>& estimate,
                  const std::string& name,
                  const std::string& unit) {
  json[name + unit] = estimate ? Json(estimate->value) : Json(nullptr);
  const auto interval = estimate ? estimate->interval : std::nullopt;
  json[name + "_lo" + unit] = interval ? Json(interval->lo) : Json(nullptr);
  json[name + "_hi" + unit] = interval ? Json(interval->hi) : Json(nullptr);
}

Json number_or_null(const std::optional<double>& number) {
  return number ? Json(*number) : Json(nullptr);
}

Json front_json(const RecommendationView& view) {
  Json front = Json::array();
  for (const EnergyAndTime& one : view.recommendation.front) {
    front.push_back({{"factors", factors_of(view.grid, one.setup)},
                     {"energy_j", one.energy_j},
                     {"time_s", one.time_s},
                     {"edp_j_s", one.energy_j * one.time_s},
                     {"ed2p_j_s2", one.energy_j * one.time_s * one.time_s}});
  }
  return front;
}

Json batch_json(const RecommendationView& view) {
  const auto& model = view.recommendation.batch;
  if (!model) {
    return nullptr;
  }
  Json json{{"axis", view.grid.axes[model->axis].name},
            {"per_epoch", model->cost.per_epoch},
            {"per_step", model->cost.per_step},
            {"half_batch",
             std::isfinite(model->cost.half_batch) ? Json(model->cost.half_batch) : Json(nullptr)},
            {"cost_mean_error", model->cost.mean_error}};
  json["epochs_min"] = model->epochs ? Json(model->epochs->epochs_min) : Json(nullptr);
  json["critical_batch"] = model->epochs ? number_or_null(model->epochs->critical) : Json(nullptr);
  json["epochs_mean_error"] = model->epochs ? Json(model->epochs->mean_error) : Json(nullptr);
  json["cheapest_batch"] = number_or_null(model->cheapest);
  return json;
}

Json goal_json(const Grid& grid) {
  if (!grid.goal) {
    return nullptr;
  }
  const Goal& goal = *grid.goal;
  const auto threshold = grid.line ? std::optional(grid.line->threshold) : goal.reach;
  return {{"metric", goal.metric},
          {"reach", goal.reach ? Json(*goal.reach) : Json(nullptr)},
          {"best_minus", goal.best_minus ? Json(*goal.best_minus) : Json(nullptr)},
          {"smaller_is_better", goal.smaller_is_better},
          {"threshold", threshold ? Json(*threshold) : Json(nullptr)}};
}

Json cells_json(const Grid& grid) {
  Json cells = Json::array();
  for (std::size_t index = 0; index < grid.setups.size(); ++index) {
    const SetupResult& setup = grid.setups[index];
    Json json{{"factors", factors_of(grid, index)},
              {"status", name_of(setup.state)},
              {"n", setup.finished},
              {"n_reached", grid.goal ? Json(setup.reached) : Json(nullptr)},
              {"n_failed", setup.failed},
              {"n_unfinished", setup.unfinished},
              {"stopped_at_j", setup.stopped_at_j ? Json(*setup.stopped_at_j) : Json(nullptr)}};
    put_estimate(json, setup.energy_per_epoch_j, "energy_per_epoch", "_j");
    put_estimate(json, setup.epochs_needed, "epochs_to_goal", "");
    put_estimate(json, setup.energy_to_goal_j, "energy_to_goal", "_j");
    put_estimate(json, setup.time_to_goal_s, "time_to_goal", "_s");
    json["energy_per_run_j"] = number_or_null(setup.energy_spent_j);
    json["time_per_run_s"] = number_or_null(setup.time_spent_s);
    json["metric"] = number_or_null(setup.metric);
    json["runs"] = setup.runs;
    cells.push_back(std::move(json));
  }
  return cells;
}

Json saving_json(const RecommendationView& view, const std::optional<SetupComparison>& comparison) {
  if (!comparison) {
    return nullptr;
  }
  const Grid& grid = view.grid;
  Json json{{"value", comparison->saving()}};
  put_interval(json, comparison->saving_interval(), "");
  json["evidence"] = std::string(1, letter_of(comparison->evidence));
  json["against"] = factors_of(grid, comparison->against);
  json["fresh"] = comparison->is_fresh;
  json["p_holm"] = comparison->p_holm ? Json(*comparison->p_holm) : Json(nullptr);
  if (view.rates.g_per_kwh && grid.minimise == Minimise::energy) {
    json["avoided_g"] = comparison->saving() * comparison->against_cost *
                        grams_per_joule(*view.rates.g_per_kwh, view.rates.pue);
  }
  return json;
}

/// What fresh runs say of the best against each setup that was run afresh, too.
Json confirmed_json(const RecommendationView& view) {
  Json list = Json::array();
  for (const SetupComparison& comparison : view.recommendation.comparisons) {
    if (comparison.is_fresh) {
      list.push_back(saving_json(view, comparison));
    }
  }
  return list;
}

/// Where fresh runs chose another setup than the sweep's own runs.
Json overruled_json(const RecommendationView& view) {
  if (!view.recommendation.overruled) {
    return nullptr;
  }
  Json cheaper = Json::array();
  for (const std::size_t setup : view.recommendation.cheaper_in_grid) {
    cheaper.push_back(factors_of(view.grid, setup));
  }
  return {{"text", overruled_words(view)},
          {"saving", saving_json(view, view.recommendation.overruled)},
          {"cheaper_in_sweep", std::move(cheaper)}};
}

Json split_json(const RecommendationView& view, const std::optional<SetupComparison>& comparison) {
  if (!comparison || !comparison->split) {
    return nullptr;
  }
  const FactorSplit& split = *comparison->split;
  const SetupResult& a = view.grid.setups[comparison->setup];
  const SetupResult& b = view.grid.setups[comparison->against];
  const auto axis = [&](const std::optional<std::vector<double>>& shares) {
    const auto behind = axis_behind(shares, a, b);
    return behind ? Json(view.grid.axes[*behind].name) : Json(nullptr);
  };
  const auto part = [&](double FactorSplit::Parts::*which) {
    return split.parts ? Json((*split.parts).*which) : Json(nullptr);
  };
  Json epoch_energy = ratio_json(split.epoch_energy);
  epoch_energy["axis"] = axis(view.recommendation.cost_shares);
  epoch_energy["log_share"] = part(&FactorSplit::Parts::epoch_energy);
  Json epochs = ratio_json(split.epochs);
  epochs["axis"] = axis(view.recommendation.epochs_shares);
  epochs["log_share"] = part(&FactorSplit::Parts::epochs);
  return {{"ratio", comparison->ratio.value},
          {"energy_per_epoch", std::move(epoch_energy)},
          {"epochs", std::move(epochs)},
          {"rest", {{"value", split.rest}, {"log_share", part(&FactorSplit::Parts::rest)}}}};
}

Json shares_json(const Grid& grid, const std::optional<std::vector<double>>& shares) {
  if (!shares) {
    return nullptr;
  }
  Json json = Json::object();
  for (std::size_t axis = 0; axis < shares->size(); ++axis) {
    json[grid.axes[axis].name] = (*shares)[axis];
  }
  return json;
}

Json tied_json(const RecommendationView& view) {
  Json tied = Json::array();
  for (const TiedSetup& one : view.recommendation.tied) {
    tied.push_back({{"factors", factors_of(view.grid, one.setup)},
                    {"by", one.by_interval ? "interval" : "within_5_percent"}});
  }
  return tied;
}

/// What a saving is a share of.
std::string quantity_of(const RecommendationView& view, const Advice& advice) {
  if (const auto* use = std::get_if<UseValue>(&advice.what)) {
    return use->quantity == Quantity::cost_per_epoch
               ? name_of(Objective::per_epoch, view.grid.minimise)
           : use->quantity == Quantity::epochs_to_goal
               ? "epochs_to_goal"
               : name_of(Objective::per_run, view.grid.minimise);
  }
  if (std::holds_alternative<StopEarlier>(advice.what) ||
      std::holds_alternative<CutOverhead>(advice.what) ||
      std::holds_alternative<KeepBusy>(advice.what)) {
    return "energy_of_run";
  }
  if (std::holds_alternative<FeedFaster>(advice.what)) {
    return "time_of_epochs";
  }
  return name_of(view.recommendation.objective, view.grid.minimise);
}

Json advice_json(const RecommendationView& view) {
  Json list = Json::array();
  for (const Advice& advice : view.recommendation.advice) {
    Json json{{"rule", rule_of(advice)}, {"text", advice_words(view, advice)}};
    json["saving"] = nullptr;
    if (advice.saving) {
      Json saving{{"of", quantity_of(view, advice)}, {"value", advice.saving->value}};
      put_interval(saving, advice.saving->interval, "");
      json["saving"] = std::move(saving);
    }
    json["evidence"] = advice.saving ? Json(std::string(1, letter_of(advice.evidence))) : Json();
    json["saved"] = advice.saved ? Json(*advice.saved) : Json(nullptr);
    json["saved_unit"] = unit_of(view.grid.minimise);
    json["cost_j"] = advice.cost_j ? Json(*advice.cost_j) : Json(nullptr);
    json["metric_change"] = advice.metric_change ? Json(*advice.metric_change) : Json(nullptr);
    json["runs"] = advice.runs;
    list.push_back(std::move(json));
  }
  return list;
}

Json flags_json(const RecommendationView& view) {
  Json list = Json::array();
  for (const ReportFlag& flag : flags_of(view)) {
    Json json{{"kind", flag.kind}, {"text", flag.text}};
    json["factors"] = factors_or_null(view.grid, flag.setup);
    if (flag.suspicious) {
      json["excess"] = flag.suspicious->excess;
      json["robust_z"] = flag.suspicious->robust_z;
    }
    list.push_back(std::move(json));
  }
  return list;
}

}  // namespace

std::string recommendation_to_json(const RecommendationView& view) {
  const Grid& grid = view.grid;
  const Recommendation& result = view.recommendation;
  Json json{{"schema", kRecommendationSchema},
            {"sweep", view.sweep},
            {"verdict", name_of(result.verdict)},
            {"why", result.lack ? Json(name_of(*result.lack)) : Json(nullptr)},
            {"minimise", name_of(grid.minimise)},
            {"objective", name_of(result.objective, grid.minimise)},
            {"goal", goal_json(grid)},
            {"estimated", grid.estimated}};
  json["best"] = factors_or_null(grid, result.best);
  json["tied"] = tied_json(view);
  json["worst"] = factors_or_null(grid, result.worst);
  json["worst_to_best"] =
      result.against_worst ? Json(1 / result.against_worst->ratio.value) : Json(nullptr);
  json["default"] = factors_or_null(grid, result.default_setup);
  json["default_from"] = result.default_named ? "sweep" : "first_values";
  json["saving_vs_worst"] = saving_json(view, result.against_worst);
  json["saving_vs_default"] =
      result.best && result.best == result.default_setup
          ? Json{{"value", 0.0}, {"lo", 0.0}, {"hi", 0.0}, {"against", json["best"]}}
          : saving_json(view, result.against_default);
  json["evidence"] =
      result.against_worst ? Json(std::string(1, letter_of(result.evidence))) : Json(nullptr);
  json["split"] = {{"vs_worst", split_json(view, result.against_worst)},
                   {"vs_default", split_json(view, result.against_default)}};
  json["variance_shares"] = {
      {name_of(cost_quantity(grid) == Quantity::cost_per_run ? Objective::per_run
                                                             : Objective::per_epoch,
               grid.minimise),
       shares_json(grid, result.cost_shares)},
      {"epochs_to_goal", shares_json(grid, result.epochs_shares)}};
  json["confirmed"] = confirmed_json(view);
  json["overruled"] = overruled_json(view);
  json["regret_bound"] = result.regret_max ? Json(*result.regret_max) : Json(nullptr);
  json["front"] = front_json(view);
  json["batch_model"] = batch_json(view);
  const auto lack = batch_lack(grid, result.batch);
  json["batch_model_lacks"] = lack ? Json(name_of(*lack)) : Json(nullptr);
  json["advice"] = advice_json(view);
  json["flags"] = flags_json(view);
  json["axes"] = Json::array();
  for (const GridAxis& axis : grid.axes) {
    json["axes"].push_back({{"name", axis.name}, {"values", axis.values}});
  }
  json["cells"] = cells_json(grid);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace gradwatt
