#include "analyze/scaling_efficiency.h"
#include "report/scaling_text.h"
#include "report/scaling_words.h"
#include "report/study_claims_json.h"

#include <array>

namespace gradwatt {
namespace {

using ScalingJson = nlohmann::ordered_json;

constexpr int kScalingSchema = 1;
constexpr std::array kJsonModels{ScalingKind::constant_power,
                                 ScalingKind::power_and_offset,
                                 ScalingKind::two_state,
                                 ScalingKind::rates};

const char* formula_of(ScalingKind kind) {
  switch (kind) {
    case ScalingKind::constant_power:
      return "E = power_per_gpu_w * gpu_hours * 3600";
    case ScalingKind::power_and_offset:
      return "E = power_per_gpu_w * gpu_hours * 3600 + offset_j";
    case ScalingKind::two_state:
      return "E = E_ref * samples / samples_ref * (1 + waiting_share * (1 / efficiency - 1))";
    case ScalingKind::rates:
      return "E = (power_per_gpu_w * gpus + power_per_node_w * nodes) * duration_s + "
             "energy_per_sample_j * samples + energy_per_update_j * gpus * updates";
  }
  return "";
}

const char* coefficient_name(EnergyTerm term) {
  switch (term) {
    case EnergyTerm::device:
      return "power_per_gpu_w";
    case EnergyTerm::node:
      return "power_per_node_w";
    case EnergyTerm::sample:
      return "energy_per_sample_j";
    case EnergyTerm::update:
      return "energy_per_update_j";
  }
  return "";
}

ScalingJson coefficient_json(const char* name,
                             double value,
                             const std::optional<Interval>& interval) {
  return {{"name", name},
          {"value", value},
          {"lo", interval ? ScalingJson(interval->lo) : ScalingJson(nullptr)},
          {"hi", interval ? ScalingJson(interval->hi) : ScalingJson(nullptr)}};
}

ScalingJson coefficients_json(const ScalingModels& models, ScalingKind kind) {
  ScalingJson list = ScalingJson::array();
  const auto line = [&](const HourFit& fit) {
    list.push_back(coefficient_json("power_per_gpu_w", fit.power_w, fit.power_interval));
    if (fit.offset_j) {
      list.push_back(coefficient_json("offset_j", *fit.offset_j, fit.offset_interval));
    }
  };
  switch (kind) {
    case ScalingKind::constant_power:
      line(*models.constant_power);
      break;
    case ScalingKind::power_and_offset:
      line(*models.power_and_offset);
      break;
    case ScalingKind::two_state:
      list.push_back(coefficient_json(
          "waiting_share", models.two_state->waiting_share, models.two_state->interval));
      break;
    case ScalingKind::rates:
      for (const EnergyCoefficient& one : models.rates->coefficients) {
        ScalingJson json = coefficient_json(coefficient_name(one.term), one.value, one.interval);
        json["variance_inflation"] = or_null(one.inflation);
        list.push_back(std::move(json));
      }
      break;
  }
  return list;
}

ScalingJson one_model_json(const ScalingModels& models, ScalingKind kind) {
  ScalingJson json{{"model", name_of(kind)}, {"formula", formula_of(kind)}};
  const FitQuality* quality = models.quality(kind);
  json["fitted"] = quality != nullptr;
  if (quality == nullptr) {
    const auto why = models.absent.find(kind);
    json["why"] = why == models.absent.end() ? ScalingJson(nullptr) : ScalingJson(why->second);
    return json;
  }
  json["coefficients"] = coefficients_json(models, kind);
  json["rows"] = quality->rows;
  const bool is_rates = kind == ScalingKind::rates;
  json["r2"] = or_null(is_rates ? models.rates->r2 : quality->r2);
  json["r2_of"] = is_rates ? "power_per_gpu_w" : "energy_j";
  json["r2_energy"] = or_null(quality->r2);
  json["mape"] = quality->mean_error;
  json["error_max"] = quality->error_max;
  json["loo_mean"] = or_null(quality->left_out_error);
  json["loo_max"] = or_null(quality->left_out_error_max);
  if (kind == ScalingKind::two_state) {
    json["reference"] = {{"gpus", models.two_state->reference.devices},
                         {"energy_j", models.two_state->reference.energy_j},
                         {"samples", models.two_state->reference.samples}};
  }
  if (is_rates) {
    json["left_out"] = ScalingJson::array();
    for (const TermLeftOut& one : models.rates->left_out) {
      json["left_out"].push_back({{"name", coefficient_name(one.term)}, {"why", one.why}});
    }
  }
  json["says"] = model_says(models, kind);
  return json;
}

/// `models`, `chosen` and `chosen_by` of some setups, put into `json`.
void put_models(ScalingJson& json, const ScalingModels& models) {
  json["setups"] = models.setups;
  json["chosen"] = models.chosen ? ScalingJson(name_of(*models.chosen)) : ScalingJson(nullptr);
  json["chosen_by"] = models.is_tested ? "leave_one_out" : "too_few_setups_to_test";
  json["models"] = ScalingJson::array();
  for (const ScalingKind kind : kJsonModels) {
    json["models"].push_back(one_model_json(models, kind));
  }
}

ScalingJson setup_json(const ScalingSetup& setup,
                       const std::optional<ScalingEfficiency>& efficiency) {
  return {{"gpus", or_null(setup.gpus)},
          {"nodes", or_null(setup.nodes)},
          {"global_batch", or_null(setup.global_batch)},
          {"local_batch", or_null(setup.local_batch)},
          {"samples", or_null(setup.samples)},
          {"updates", or_null(setup.updates)},
          {"gpu_hours", setup.gpu_hours},
          {"energy_j", setup.energy_j},
          {"power_per_gpu_w", power_per_device_w(setup.training())},
          {"samples_per_s", efficiency ? ScalingJson(efficiency->samples_per_s) : nullptr},
          {"speed_up", efficiency ? ScalingJson(efficiency->speed_up) : nullptr},
          {"efficiency", efficiency ? ScalingJson(efficiency->efficiency) : nullptr},
          {"energy_per_sample_j", efficiency ? ScalingJson(efficiency->sample_j) : nullptr},
          {"n", setup.runs.size()},
          {"runs", setup.runs}};
}

ScalingJson group_json(const ScalingView& view, std::size_t index) {
  const ScalingGroup& group = view.table.groups[index];
  ScalingJson json{{"factors", ScalingJson::object()}};
  for (const auto& [name, value] : group.factors) {
    json["factors"][name] = value;
  }
  put_models(json, view.by_group.empty() ? view.together : view.by_group[index]);
  json["measured"] = ScalingJson::array();
  const auto efficiencies = scaling_efficiencies(group.setups);
  for (std::size_t i = 0; i < group.setups.size(); ++i) {
    json["measured"].push_back(setup_json(group.setups[i], efficiencies[i]));
  }
  return json;
}

ScalingJson job_json(const ScalingView& view, const JobLeftOut& job) {
  ScalingJson json{{"factors", ScalingJson::object()}};
  for (const auto& [name, value] : view.table.groups[job.group].factors) {
    json["factors"][name] = value;
  }
  json["reference_gpus"] = job.reference_gpus;
  json["gpus"] = job.gpus;
  json["waiting_share"] = job.waiting_share;
  json["waiting_share_of_others"] = job.given_share;
  json["two_state_error"] = job.two_state_error;
  json["constant_power_error"] = job.constant_error;
  return json;
}

}  // namespace

std::string scaling_to_json(const ScalingView& view) {
  ScalingJson json{{"schema", kScalingSchema},
                   {"source", view.source},
                   {"runs", view.table.runs},
                   {"estimated", view.table.estimated}};
  put_models(json, view.together);
  json["groups"] = ScalingJson::array();
  for (std::size_t group = 0; group < view.table.groups.size(); ++group) {
    json["groups"].push_back(group_json(view, group));
  }
  json["jobs_left_out"] = ScalingJson::array();
  for (const JobLeftOut& job : view.jobs) {
    json["jobs_left_out"].push_back(job_json(view, job));
  }
  json["notes"] = view.table.notes;
  return json.dump(2, ' ', false, ScalingJson::error_handler_t::replace) + "\n";
}

}  // namespace gradwatt
