#include "report/reuse_view.h"

#include <nlohmann/json.hpp>

namespace gradwatt {
namespace {

using ReuseJson = nlohmann::ordered_json;

constexpr int kReuseSchema = 1;

template <typename Value>
ReuseJson or_null_of(const std::optional<Value>& value) {
  return value ? ReuseJson(*value) : ReuseJson(nullptr);
}

ReuseJson break_even_fields(const BreakEven& even) {
  return {
      {"answer", name_of(even.answer)},
      {"cycles", or_null_of(even.cycles)},
      {"whole_cycles", even.cycles ? ReuseJson(whole_cycles(*even.cycles)) : ReuseJson(nullptr)},
      {"lo", or_null_of(even.lo)},
      {"hi", or_null_of(even.hi)},
      {"may_never", even.may_never}};
}

ReuseJson setup_fields(const ReuseSetup& setup, const BreakEven& even) {
  ReuseJson json{{"setup", setup.name},
                 {"pretrain_j", setup.energies.encoder_j.value},
                 {"without_j", setup.energies.joint_j.value},
                 {"with_j", setup.energies.classifier_j.value}};
  json.update(break_even_fields(even));
  json["runs"] = {{"pretrain", setup.runs[0]}, {"without", setup.runs[1]}, {"with", setup.runs[2]}};
  return json;
}

ReuseJson net_fields(const ReuseView& view) {
  if (!view.net) {
    return nullptr;
  }
  const auto& interval = view.net->interval;
  ReuseJson json{{"cycles", *view.cycles},
                 {"saved_j", view.net->value},
                 {"lo_j", interval ? ReuseJson(interval->lo) : ReuseJson(nullptr)},
                 {"hi_j", interval ? ReuseJson(interval->hi) : ReuseJson(nullptr)}};
  const auto& rates = view.rates;
  json["saved_g_co2e"] =
      rates.g_per_kwh ? ReuseJson(view.net->value * grams_per_joule(*rates.g_per_kwh, rates.pue))
                      : ReuseJson(nullptr);
  return json;
}

}  // namespace

std::string reuse_to_json(const ReuseView& view) {
  const BreakEvenSummary& summary = view.summary;
  const auto name_at = [&](const std::optional<std::size_t>& index) {
    return index ? ReuseJson(view.setups[*index].name) : ReuseJson(nullptr);
  };
  ReuseJson json{
      {"schema", kReuseSchema},
      {"energy", view.estimated ? "estimated" : "measured"},
      {"answer",
       summary.average ? ReuseJson(name_of(summary.average->answer)) : ReuseJson(nullptr)},
      {"best", name_at(summary.best)},
      {"worst", name_at(summary.worst)},
      {"never", summary.never},
      {"mean_of_ratios", or_null_of(summary.mean_of_ratios)},
      {"ratio_of_means", or_null_of(summary.ratio_of_means)}};
  json["average"] = summary.average ? break_even_fields(*summary.average) : ReuseJson(nullptr);
  json["net"] = net_fields(view);
  json["metric"] = view.metric ? ReuseJson{{"name", view.metric->metric},
                                           {"with", view.metric->one},
                                           {"without", view.metric->other}}
                               : ReuseJson(nullptr);
  json["setups"] = ReuseJson::array();
  for (std::size_t i = 0; i < view.setups.size(); ++i) {
    json["setups"].push_back(setup_fields(view.setups[i], summary.setups[i]));
  }
  json["notes"] = view.notes;
  return json.dump(2, ' ', false, ReuseJson::error_handler_t::replace) + "\n";
}

}  // namespace gradwatt
