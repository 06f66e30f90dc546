#include "report/saving_view.h"

#include <nlohmann/json.hpp>

namespace gradwatt {
namespace {

using SavingJson = nlohmann::ordered_json;

constexpr int kSavingSchema = 1;

SavingJson factor_fields(const std::optional<Ratio>& ratio) {
  if (!ratio) {
    return nullptr;
  }
  const auto& interval = ratio->interval;
  return {{"value", ratio->value},
          {"lo", interval ? SavingJson(interval->lo) : SavingJson(nullptr)},
          {"hi", interval ? SavingJson(interval->hi) : SavingJson(nullptr)}};
}

/// 1 minus the ratio, so that the bounds change places.
SavingJson saving_fields(const std::optional<Ratio>& ratio) {
  if (!ratio) {
    return nullptr;
  }
  const auto& interval = ratio->interval;
  return {{"value", 1 - ratio->value},
          {"lo", interval ? SavingJson(1 - interval->hi) : SavingJson(nullptr)},
          {"hi", interval ? SavingJson(1 - interval->lo) : SavingJson(nullptr)}};
}

SavingJson kinds_fields(const SavingView& view) {
  SavingJson kinds = SavingJson::array();
  for (std::size_t kind = 0; kind < view.kinds.size(); ++kind) {
    kinds.push_back(
        {{"name", view.kinds[kind]},
         {"energy_j",
          view.saving ? SavingJson(view.saving->energies_j[kind]) : SavingJson(nullptr)},
         {"epochs", view.epochs.empty() ? SavingJson(nullptr) : SavingJson(view.epochs[kind])},
         {"runs", view.runs[kind]}});
  }
  return kinds;
}

}  // namespace

std::string saving_to_json(const SavingView& view) {
  SavingJson json{{"schema", kSavingSchema},
                  {"question", view.question},
                  {"energy", view.estimated ? "estimated" : "measured"},
                  {"setups", view.saving ? view.saving->setups : 0}};
  const auto& saving = view.saving;
  json["saving"] = saving ? saving_fields(saving->energy) : SavingJson(nullptr);
  json["saving_vs_cheapest"] = saving ? saving_fields(saving->to_cheapest) : SavingJson(nullptr);
  json["factors"] =
      saving ? SavingJson{{"epochs", factor_fields(saving->epochs)},
                          {"energy_per_epoch", factor_fields(saving->epoch_energy)},
                          {"rest", saving->rest ? SavingJson(*saving->rest) : SavingJson(nullptr)}}
             : SavingJson(nullptr);
  json["saving_per_epoch"] = saving ? saving_fields(saving->epoch_energy) : SavingJson(nullptr);
  json["kinds"] = kinds_fields(view);
  json["metric"] = view.metric ? SavingJson{{"name", view.metric->metric},
                                            {"one", view.metric->one},
                                            {"other", view.metric->other}}
                               : SavingJson(nullptr);
  json["notes"] = view.notes;
  return json.dump(2, ' ', false, SavingJson::error_handler_t::replace) + "\n";
}

}  // namespace gradwatt
