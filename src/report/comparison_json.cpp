#include "report/comparison_json.h"

#include "report/comparison_words.h"

#include <nlohmann/json.hpp>

#include <cmath>

namespace gradwatt {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kComparisonSchema = 1;

template <typename Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json sides_json(const RunComparison& comparison) {
  Json list = Json::array();
  for (std::size_t i = 0; i < comparison.sides.size(); ++i) {
    const ComparedSide& side = comparison.sides[i];
    list.push_back({{"side", side_letter(i)},
                    {"name", side.name},
                    {"n", side.runs.size()},
                    {"n_reached", comparison.line ? Json(side.reached) : Json(nullptr)},
                    {"n_failed", side.failed},
                    {"n_unfinished", side.unfinished},
                    {"estimated", side.estimated},
                    {"runs", side.runs}});
  }
  return list;
}

/// The change as a ratio or a difference, with its bounds.
void put_change(Json& json,
                const SideContrast& contrast,
                const char* name,
                double (*read)(double)) {
  json[name] = read(contrast.difference.value);
  const auto interval = interval_of(contrast.difference);
  json["lo"] = interval ? Json(read(interval->lo)) : Json(nullptr);
  json["hi"] = interval ? Json(read(interval->hi)) : Json(nullptr);
  json["block_min"] = contrast.of_block ? Json(read(contrast.of_block->lo)) : Json(nullptr);
  json["block_max"] = contrast.of_block ? Json(read(contrast.of_block->hi)) : Json(nullptr);
}

Json contrast_json(const SideContrast& contrast, const char* name, double (*read)(double)) {
  Json json{{"value", contrast.of},
            {"against", contrast.against},
            {"n", contrast.n_of},
            {"n_against", contrast.n_against}};
  put_change(json, contrast, name, read);
  json["finding"] = name_of(contrast.finding);
  json["p_holm"] = or_null(contrast.p);
  json["p_equivalent"] = or_null(contrast.p_equivalent);
  json["more_for_band"] = or_null(contrast.more_for_band);
  json["more_for_size"] = or_null(contrast.more_for_size);
  json["blocks"] = contrast.blocks;
  json["blocks_lost"] = contrast.blocks_lost;
  json["scatter"] = contrast.difference.parts.empty() ? Json(nullptr)
                    : contrast.difference.over_blocks ? Json("blocks")
                                                      : Json("repeats");
  return json;
}

double as_ratio(double log) { return std::exp(log); }
double as_it_is(double difference) { return difference; }

Json ratio_split_json(const std::optional<FactorSplit>& split) {
  if (!split) {
    return nullptr;
  }
  const auto part = [&](double FactorSplit::Parts::*which) {
    return split->parts ? Json((*split->parts).*which) : Json(nullptr);
  };
  return {{"energy_per_epoch",
           {{"value", split->epoch_energy.value},
            {"log_share", part(&FactorSplit::Parts::epoch_energy)}}},
          {"epochs",
           {{"value", split->epochs.value}, {"log_share", part(&FactorSplit::Parts::epochs)}}},
          {"rest", {{"value", split->rest}, {"log_share", part(&FactorSplit::Parts::rest)}}}};
}

Json pair_json(const ComparisonView& view, const PairComparison& pair) {
  const QuantityContrast* headline = headline_of(pair);
  Json json{{"side", side_letter(pair.side)},
            {"against", side_letter(0)},
            {"verdict", headline != nullptr ? Json(name_of(headline->contrast.finding)) : Json()},
            {"about", headline != nullptr ? Json(name_of(headline->quantity)) : Json()},
            {"text", verdict_words(view, pair)},
            {"blocks", pair.blocks},
            {"blocks_apart", pair.blocks_apart},
            {"nothing_equal", pair.nothing_equal},
            {"measured_apart", or_null(pair.measured_apart)}};
  json["quantities"] = Json::object();
  for (const QuantityContrast& one : pair.quantities) {
    json["quantities"][name_of(one.quantity)] = contrast_json(one.contrast, "ratio", as_ratio);
  }
  json["metrics"] = Json::object();
  for (const MetricContrast& one : pair.metrics) {
    Json metric = contrast_json(one.contrast, "difference", as_it_is);
    metric["worse_by"] = one.worse_by;
    metric["beyond_band"] = one.beyond_band;
    metric["within_shown"] = one.within_shown;
    json["metrics"][one.metric.name] = std::move(metric);
  }
  json["split"] = ratio_split_json(pair.split);
  return json;
}

Json conditions_json(const ComparisonView& view) {
  Json list = Json::array();
  for (const JudgedCondition& judged : view.conditions) {
    for (const ConditionOutcome& outcome : judged.outcomes) {
      list.push_back({{"condition", judged.condition.text},
                      {"side", side_letter(outcome.side)},
                      {"met", or_null(outcome.met)},
                      {"judged_by", outcome.by_interval ? "interval" : "point"}});
    }
  }
  return list;
}

Json differences_json(const ComparisonView& view) {
  Json list = Json::array();
  for (const EnvironmentDifference& difference : view.differences) {
    list.push_back({{"name", difference.name},
                    {"side", side_letter(difference.side)},
                    {"value", difference.of},
                    {"against", difference.against}});
  }
  return list;
}

}  // namespace

std::string comparison_to_json(const ComparisonView& view) {
  const RunComparison& comparison = view.comparison;
  Json json{{"schema", kComparisonSchema},
            {"by", view.by.empty() ? Json(nullptr) : Json(view.by)},
            {"band", view.plan.band},
            {"accuracy_band", view.plan.accuracy_band},
            {"paired", view.plan.paired},
            {"equal", comparison.block_factors}};
  json["goal"] = comparison.line ? Json{{"metric", comparison.line->metric},
                                        {"threshold", comparison.line->threshold},
                                        {"smaller_is_better", comparison.line->smaller_is_better}}
                                 : Json(nullptr);
  json["sides"] = sides_json(comparison);
  json["pairs"] = Json::array();
  for (const PairComparison& pair : comparison.pairs) {
    json["pairs"].push_back(pair_json(view, pair));
  }
  json["conditions"] = conditions_json(view);
  json["environment_differences"] = differences_json(view);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace gradwatt
