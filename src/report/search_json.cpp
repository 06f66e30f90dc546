#include "report/search_json.h"

#include <nlohmann/json.hpp>

namespace gradwatt {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSearchSchema = 1;

Json number_or_null(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}

const char* word_of(SearchEnd end) {
  switch (end) {
    case SearchEnd::found:
      return "found";
    case SearchEnd::not_worth_more:
      return "not_worth_more";
    case SearchEnd::nothing_reached:
      return "nothing_reached";
    case SearchEnd::budget_spent:
      return "budget_spent";
  }
  return "";
}

const char* word_of(const std::optional<PieceEnd>& end) {
  if (!end) {
    return "not_tried";
  }
  switch (*end) {
    case PieceEnd::paused:
      return "paused";
    case PieceEnd::finished:
      return "finished";
    case PieceEnd::stopped:
      return "stopped";
    case PieceEnd::interrupted:
      return "interrupted";
    case PieceEnd::failed:
      return "failed";
  }
  return "";
}

Json values_json(const NamedValues& values) {
  Json json = Json::object();
  for (const auto& [name, value] : values) {
    json[name] = value;
  }
  return json;
}

Json goal_json_of(const std::optional<GoalLine>& goal) {
  if (!goal) {
    return nullptr;
  }
  return {{"metric", goal->metric},
          {"threshold", goal->threshold},
          {"smaller_is_better", goal->smaller_is_better}};
}

Json setup_json(const SearchView& view, std::size_t setup) {
  const SearchCurve& curve = view.curves[setup];
  const auto& goal = view.outcome.goal;
  const auto score = goal ? best_score(curve, *goal) : std::nullopt;
  Json json{{"factors", values_json(view.setups[setup])},
            {"end", word_of(curve.end)},
            {"epochs", curve.points.size()},
            {"pieces", curve.pieces},
            {"spent_j", curve.spent_j},
            {"raced_j", curve.joules}};
  json["best_metric"] = nullptr;
  if (score) {
    json["best_metric"] = *score * (goal->smaller_is_better ? -1.0 : 1.0);
  }
  json["energy_to_goal_j"] = number_or_null(goal ? joules_to(curve, *goal) : std::nullopt);
  json["confirmed_j"] = Json::array();
  json["confirmed_more_than_j"] = Json::array();
  for (const SearchCurve& fresh : curve.confirmed) {
    const bool capped = goal && is_capped(fresh, *goal);
    json["confirmed_j"].push_back(number_or_null(goal ? joules_to(fresh, *goal) : std::nullopt));
    json["confirmed_more_than_j"].push_back(capped ? Json(fresh.joules) : Json(nullptr));
  }
  return json;
}

const char* word_of(RatioSays says) {
  switch (says) {
    case RatioSays::value:
      return "value";
    case RatioSays::at_most:
      return "at_most";
    case RatioSays::at_least:
      return "at_least";
  }
  return "";
}

Json fresh_ratio_json(const SearchView& view) {
  const auto contrast = fresh_contrast_of(view);
  if (!contrast) {
    return nullptr;
  }
  const auto& interval = contrast->ratio.interval;
  Json json{{"ratio", contrast->ratio.value}, {"says", word_of(contrast->says)}};
  json["lo"] = interval ? Json(interval->lo) : Json(nullptr);
  json["hi"] = interval ? Json(interval->hi) : Json(nullptr);
  json["p_value"] = number_or_null(contrast->ratio.p_value);
  json["evidence"] = std::string(1, letter_of(contrast->evidence));
  return json;
}

Json break_even_json(const std::optional<SearchPayback>& payback) {
  if (!payback) {
    return nullptr;
  }
  Json json{{"status", name_of(payback->state)}};
  json["trainings"] = number_or_null(payback->trainings);
  json["default_j"] = number_or_null(payback->default_j);
  return json;
}

Json repeat_json(const SearchView& view) {
  const SearchOutcome& outcome = view.outcome;
  Json json{{"repeat", view.repeat},
            {"end", word_of(outcome.end)},
            {"goal", goal_json_of(outcome.goal)},
            {"spent_j", outcome.spent_j}};
  json["grid_j"] = number_or_null(outcome.grid_j);
  json["grid_is_estimate"] = outcome.grid_is_estimate;
  json["share_of_grid"] = outcome.grid_j && *outcome.grid_j > 0
                              ? Json(outcome.spent_j / *outcome.grid_j)
                              : Json(nullptr);
  json["best"] = outcome.chosen ? values_json(view.setups[outcome.chosen->setup]) : Json(nullptr);
  json["energy_to_goal_j"] = outcome.chosen ? Json(outcome.chosen->joules) : Json(nullptr);
  json["runner_up"] =
      outcome.runner_up ? values_json(view.setups[*outcome.runner_up]) : Json(nullptr);
  json["another_could_save"] = number_or_null(outcome.could_save);
  json["break_even"] = break_even_json(outcome.payback);
  json["fresh_ratio"] = fresh_ratio_json(view);
  json["setups"] = Json::array();
  for (std::size_t setup = 0; setup < view.curves.size(); ++setup) {
    json["setups"].push_back(setup_json(view, setup));
  }
  return json;
}

std::string dumped(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string search_to_json(const std::vector<SearchView>& repeats) {
  Json json{{"schema", kSearchSchema}};
  json["sweep"] = repeats.empty() ? Json(nullptr) : Json(repeats.front().sweep);
  json["strategy"] =
      repeats.empty() ? Json(nullptr) : Json(name_of(repeats.front().rules.strategy));
  json["estimated"] = !repeats.empty() && repeats.front().estimated;
  json["repeats"] = Json::array();
  for (const SearchView& view : repeats) {
    json["repeats"].push_back(repeat_json(view));
  }
  return dumped(json);
}

std::string replay_to_json(const ReplayView& view) {
  Json json{{"schema", kSearchSchema},
            {"source", view.source},
            {"goal", goal_json_of(view.goal)},
            {"estimated", view.estimated},
            {"setups", view.setups.size()}};
  json["strategies"] = Json::array();
  for (const ReplaySummary& summary : view.summaries) {
    Json one{{"strategy", name_of(summary.strategy)},
             {"share_mean", summary.share_mean()},
             {"share_max", summary.share_max()}};
    one["regret_mean"] = number_or_null(summary.regret_mean());
    one["regret_max"] = number_or_null(summary.regret_max());
    one["found"] = summary.found();
    one["repeats"] = Json::array();
    for (const SearchReplay& replay : summary.replays) {
      const auto& chosen = replay.outcome.chosen;
      Json row{{"repeat", replay.repeat},
               {"end", word_of(replay.outcome.end)},
               {"spent_j", replay.outcome.spent_j},
               {"grid_j", replay.grid_j},
               {"share", replay.share()}};
      row["chosen"] = chosen ? values_json(view.setups[chosen->setup]) : Json(nullptr);
      row["energy_to_goal_j"] = chosen ? Json(chosen->joules) : Json(nullptr);
      row["regret"] = number_or_null(replay.regret);
      one["repeats"].push_back(std::move(row));
    }
    json["strategies"].push_back(std::move(one));
  }
  return dumped(json);
}

}  // namespace gradwatt
