#include "report/carbon_view.h"
#include "units/show.h"

#include <nlohmann/json.hpp>

namespace gradwatt {
namespace {

using CarbonJson = nlohmann::ordered_json;

constexpr int kCarbonSchema = 1;

template <typename Value>
CarbonJson known(const std::optional<Value>& value) {
  return value ? CarbonJson(*value) : CarbonJson(nullptr);
}

/// NAME, NAME_lo and NAME_hi.
void put_bounded(CarbonJson& json,
                 const std::string& name,
                 const std::optional<BoundedNumber>& number) {
  const Interval* bounds = number && number->bounds ? &*number->bounds : nullptr;
  json[name] = number ? CarbonJson(number->value) : CarbonJson(nullptr);
  json[name + "_lo"] = bounds != nullptr ? CarbonJson(bounds->lo) : CarbonJson(nullptr);
  json[name + "_hi"] = bounds != nullptr ? CarbonJson(bounds->hi) : CarbonJson(nullptr);
}

void put_price(CarbonJson& json,
               const std::optional<BoundedNumber>& energy,
               const CarbonRates& rates) {
  const bool is_known = energy && rates.price;
  put_bounded(json,
              "price",
              is_known ? std::optional(energy->times(price_per_joule(*rates.price, rates.pue)))
                       : std::nullopt);
}

CarbonJson run_fields(const CarbonRun& run, const CarbonRates& rates) {
  CarbonJson json{{"run", run.run}, {"name", run.name}, {"kind", run.kind}};
  put_bounded(json, "energy_j", run.energy_j);
  put_bounded(json, "g_co2e", grams_of(run, rates));
  put_price(json, run.energy_j, rates);
  json["g_per_kwh"] = known(run.g_per_kwh ? run.g_per_kwh : rates.g_per_kwh);
  json["duration_s"] = known(run.duration_s);
  json["started_at"] = run.started_at ? CarbonJson(show_utc(*run.started_at)) : CarbonJson(nullptr);
  return json;
}

CarbonJson sci_fields(const CarbonView& view) {
  if (!view.embodied) {
    return nullptr;
  }
  const auto made = embodied_grams_of(view);
  const auto used = total_grams(view);
  const auto runs = static_cast<double>(view.runs.size());
  return {{"functional_unit", "training run"},
          {"embodied_g", known(made)},
          {"g_co2e_per_unit",
           made && used ? CarbonJson((used->value + *made) / runs) : CarbonJson(nullptr)}};
}

CarbonJson equivalents_fields(const CarbonView& view) {
  if (!view.equivalents) {
    return nullptr;
  }
  const auto grams = total_grams(view);
  const auto energy = total_energy_j(view);
  const EquivalentConstants& constants = *view.equivalents;
  return {
      {"car_km", grams ? CarbonJson(grams->value / constants.car_g_per_km) : CarbonJson(nullptr)},
      {"phone_charges",
       energy ? CarbonJson(energy->value / kJoulesPerKilowattHour / constants.phone_charge_kwh)
              : CarbonJson(nullptr)}};
}

}  // namespace

std::string carbon_to_json(const CarbonView& view) {
  const CarbonRates& rates = view.rates;
  CarbonJson json{{"schema", kCarbonSchema}, {"pue", rates.pue}};
  json["intensity"] = {
      {"g_per_kwh", known(rates.g_per_kwh)},
      {"source",
       rates.g_per_kwh        ? CarbonJson(rates.intensity_source)
       : !view.series.empty() ? CarbonJson(view.series)
                              : CarbonJson(nullptr)},
      {"location", rates.location.empty() ? CarbonJson(nullptr) : CarbonJson(rates.location)}};
  json["price"] = rates.price ? CarbonJson{{"per_kwh", rates.price->per_kwh},
                                           {"currency", rates.price->currency}}
                              : CarbonJson(nullptr);
  json["runs"] = CarbonJson::array();
  for (const CarbonRun& run : view.runs) {
    json["runs"].push_back(run_fields(run, rates));
  }
  CarbonJson total = CarbonJson::object();
  put_bounded(total, "energy_j", total_energy_j(view));
  put_bounded(total, "g_co2e", total_grams(view));
  put_price(total, total_energy_j(view), rates);
  json["total"] = std::move(total);
  json["sci"] = sci_fields(view);
  json["equivalents"] = equivalents_fields(view);
  json["start_times"] = CarbonJson::array();
  for (const StartTime& start : view.starts) {
    json["start_times"].push_back(
        {{"start", show_utc({static_cast<std::int64_t>(start.unix_s * 1000)})},
         {"g_co2e", start.grams}});
  }
  return json.dump(2, ' ', false, CarbonJson::error_handler_t::replace) + "\n";
}

}  // namespace gradwatt
