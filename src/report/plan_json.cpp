#include "report/plan_text.h"
#include "report/plan_words.h"
#include "report/study_claims_json.h"

namespace gradwatt {
namespace {

using PlanJson = nlohmann::ordered_json;

constexpr int kPlanSchema = 1;

const char* basis_name(PlanBasis basis) {
  switch (basis) {
    case PlanBasis::tested:
      return "tested";
    case PlanBasis::assumed:
      return "assumed";
    case PlanBasis::bound:
      return "at_least";
  }
  return "";
}

void put_range(PlanJson& json,
               const std::string& name,
               const std::string& unit,
               const std::optional<Interval>& interval) {
  json[name + "_lo" + unit] = interval ? PlanJson(interval->lo) : PlanJson(nullptr);
  json[name + "_hi" + unit] = interval ? PlanJson(interval->hi) : PlanJson(nullptr);
}

PlanJson planned_json(const PlannedSetup& planned) {
  PlanJson json{{"gpus", planned.gpus},
                {"nodes", or_null(planned.nodes)},
                {"global_batch", or_null(planned.global_batch)},
                {"local_batch", or_null(planned.local_batch)},
                {"samples", or_null(planned.samples)},
                {"time_s", planned.time_s}};
  put_range(json, "time", "_s", planned.time_interval);
  json["energy_j"] = planned.energy_j;
  put_range(json, "energy", "_j", planned.energy_interval);
  const double hours_per_second = planned.gpus / kSecondsPerHour;
  json["gpu_hours"] = planned.time_s * hours_per_second;
  std::optional<Interval> hours;
  if (planned.time_interval) {
    hours = Interval{planned.time_interval->lo * hours_per_second,
                     planned.time_interval->hi * hours_per_second};
  }
  put_range(json, "gpu_hours", "", hours);
  json["interval"] = basis_name(planned.basis);
  json["extrapolation_gpus"] = planned.beyond_gpus;
  json["extrapolation_local_batch"] = planned.beyond_local_batch;
  json["extrapolation_global_batch"] = planned.beyond_global_batch;
  json["samples_factor"] = or_null(planned.samples_factor);
  json["risks"] = planned_risks(planned);
  json["meets"] = planned.meets;
  json["meets_surely"] = planned.is_sure;
  return json;
}

PlanJson planned_or_null(const std::optional<PlannedSetup>& planned) {
  return planned ? planned_json(*planned) : PlanJson(nullptr);
}

PlanJson time_model_json(const TrainingTimeModel& model) {
  PlanJson json{{"form", model.terms.empty() ? "trend" : "terms"},
                {"assumes_linear_speed_up", model.is_perfect}};
  json["coefficients"] = PlanJson::array();
  for (std::size_t i = 0; i < model.terms.size(); ++i) {
    PlanJson one{{"name", std::string(name_of(model.terms[i])) + "_s"},
                 {"value", model.fit.coefficients()[i]}};
    put_range(one, "value", "", model.fit.interval(i));
    json["coefficients"].push_back(std::move(one));
  }
  if (model.terms.empty()) {
    json["coefficients"].push_back({{"name", "exponent_of_gpus"}, {"value", model.trend_b}});
  }
  json["mape"] = model.quality.mean_error;
  json["loo_mean"] = or_null(model.quality.left_out_error);
  json["loo_max"] = or_null(model.quality.left_out_error_max);
  return json;
}

PlanJson growth_json(const ForecastGrowth& growth) {
  return {{"per_doubling", growth.per_doubling},
          {"from", growth.is_measured ? "largest_gpus_left_out" : "assumed"}};
}

}  // namespace

std::string plan_to_json(const PlanView& view) {
  const ScalingPlan& plan = view.plan;
  const ScalingKind chosen = *plan.energy_models.chosen;
  PlanJson json{{"schema", kPlanSchema},
                {"source", view.source},
                {"runs", view.runs},
                {"setups_measured", view.setups},
                {"gpus_measured", {plan.gpus_min, plan.gpus_max}},
                {"estimated", view.estimated},
                {"goal", view.goal.empty() ? PlanJson(nullptr) : PlanJson(view.goal)},
                {"deadline_s", or_null(view.request.deadline_s)},
                {"max_energy_j", or_null(view.request.energy_max_j)}};
  json["rows"] = PlanJson::array();
  for (const PlannedSetup& one : plan.setups) {
    json["rows"].push_back(planned_json(one));
  }
  json["cheapest"] = plan.cheapest ? planned_json(plan.setups[*plan.cheapest]) : PlanJson(nullptr);
  json["would_meet"] = planned_or_null(plan.would_meet);
  json["fastest"] = planned_or_null(plan.fastest);
  json["time_model"] = time_model_json(plan.time_model);
  json["energy_model"] = {
      {"model", name_of(chosen)},
      {"mape", plan.energy_models.quality(chosen)->mean_error},
      {"loo_mean", or_null(plan.energy_models.quality(chosen)->left_out_error)},
      {"loo_max", or_null(plan.energy_models.quality(chosen)->left_out_error_max)}};
  json["growth"] = {{"time", growth_json(plan.time_growth)},
                    {"energy", growth_json(plan.energy_growth)}};
  if (const auto& demand = view.request.demand) {
    json["samples_to_goal"] = {{"samples_min", demand->samples_min},
                               {"critical_batch", or_null(demand->critical_batch)},
                               {"batches_reached", demand->batches_reached},
                               {"batches_missed", demand->batches_missed}};
  } else {
    json["samples_to_goal"] = nullptr;
  }
  json["answer"] = plan_answer(view);
  json["rules"] = plan_rules(view);
  json["notes"] = plan.notes;
  for (const std::string& note : view.notes) {
    json["notes"].push_back(note);
  }
  return json.dump(2, ' ', false, PlanJson::error_handler_t::replace) + "\n";
}

}  // namespace gradwatt
