#include "analyze/scaling_models.h"

#include "base/expects.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace gradwatt {
namespace {

constexpr std::array kScalingKinds{ScalingKind::constant_power,
                                   ScalingKind::power_and_offset,
                                   ScalingKind::two_state,
                                   ScalingKind::rates};

std::vector<ParallelTraining> trainings_of(std::span<const ScalingSetup> setups) {
  std::vector<ParallelTraining> trainings;
  for (const ScalingSetup& setup : setups) {
    trainings.push_back(setup.training());
  }
  return trainings;
}

bool all_have(std::span<const ScalingSetup> setups, std::optional<double> ScalingSetup::*which) {
  return std::all_of(setups.begin(), setups.end(), [&](const ScalingSetup& setup) {
    return (setup.*which).has_value();
  });
}

/// The terms whose inputs all setups have; the others are noted as left out.
std::vector<EnergyTerm> known_terms(std::span<const ScalingSetup> setups,
                                    std::vector<TermLeftOut>& left_out) {
  std::vector<EnergyTerm> known{EnergyTerm::device};
  const bool has_gpus = all_have(setups, &ScalingSetup::gpus);
  const auto look_at = [&](EnergyTerm term, bool has_input, const char* column) {
    if (has_input && has_gpus) {
      known.push_back(term);
    } else {
      left_out.push_back(
          {term,
           std::string("the table does not say it: column ") + (has_input ? "gpus" : column)});
    }
  };
  look_at(EnergyTerm::node, all_have(setups, &ScalingSetup::nodes), "nodes");
  if (all_have(setups, &ScalingSetup::samples)) {
    known.push_back(EnergyTerm::sample);
  } else {
    left_out.push_back({EnergyTerm::sample, "the table does not say it: column samples"});
  }
  look_at(EnergyTerm::update, all_have(setups, &ScalingSetup::updates), "updates or global_batch");
  return known;
}

/// The rates' errors in energy. R2 is that of energies, so that it compares with the other models'.
FitQuality rates_quality(const EnergyModel& model, const std::vector<ParallelTraining>& rows) {
  std::vector<double> given;
  std::vector<double> measured;
  for (const ParallelTraining& row : rows) {
    given.push_back(model.power_per_device_w(row) * device_hours(row) * kSecondsPerHour);
    measured.push_back(row.energy_j);
  }
  FitQuality quality =
      fit_quality(given,
                  measured,
                  static_cast<int>(model.coefficients.size()),
                  [](std::size_t) -> std::optional<double> { return std::nullopt; });
  quality.left_out_error = model.left_out_error;
  quality.left_out_error_max = model.left_out_error_max;
  return quality;
}

void fit_rates(ScalingModels& models,
               std::span<const ScalingSetup> setups,
               const std::vector<ParallelTraining>& rows) {
  std::vector<TermLeftOut> unknown;
  const std::vector<EnergyTerm> known = known_terms(setups, unknown);
  auto fitted = identifiable_energy_model(rows, known);
  if (!fitted) {
    models.absent[ScalingKind::rates] = "it needs three setups";
    return;
  }
  fitted->left_out.insert(fitted->left_out.end(), unknown.begin(), unknown.end());
  if (fitted->coefficients.size() == 1) {
    std::string why;
    for (const TermLeftOut& one : fitted->left_out) {
      why += (why.empty() ? "" : "; ") + fmt::format("'{}': {}", name_of(one.term), one.why);
    }
    models.absent[ScalingKind::rates] = why;
    return;
  }
  models.rates_quality = rates_quality(*fitted, rows);
  models.rates = std::move(fitted);
}

void fit_states(ScalingModels& models,
                std::span<const ScalingSetup> setups,
                const std::vector<ParallelTraining>& rows) {
  if (!all_have(setups, &ScalingSetup::gpus)) {
    models.absent[ScalingKind::two_state] = "it needs the number of GPUs (column gpus)";
  } else if (!all_have(setups, &ScalingSetup::samples)) {
    models.absent[ScalingKind::two_state] =
        "it needs the samples (column samples); for one and the same job the line with a fixed "
        "part says as much";
  } else {
    models.two_state = fit_two_state(rows);
    if (!models.two_state) {
      models.absent[ScalingKind::two_state] = why_no_two_states(rows);
    }
  }
}

void choose_model(ScalingModels& models) {
  if (models.setups < kLeastTested) {
    models.chosen = models.two_state ? ScalingKind::two_state : ScalingKind::constant_power;
    return;
  }
  double least = INFINITY;
  for (const ScalingKind kind : kScalingKinds) {
    const FitQuality* quality = models.quality(kind);
    if (quality != nullptr && quality->left_out_error) {
      least = std::min(least, *quality->left_out_error);
    }
  }
  constexpr double kEqual = 1.05;
  int fewest = 0;
  for (const ScalingKind kind : kScalingKinds) {
    const FitQuality* quality = models.quality(kind);
    const bool is_best =
        quality != nullptr && quality->left_out_error && *quality->left_out_error <= kEqual * least;
    if (is_best && (!models.chosen || models.coefficients(kind) < fewest)) {
      models.chosen = kind;
      fewest = models.coefficients(kind);
      models.is_tested = true;
    }
  }
}

/// All models but the two states, and the choice.
void fit_others(ScalingModels& models,
                std::span<const ScalingSetup> setups,
                const std::vector<ParallelTraining>& rows) {
  models.setups = static_cast<int>(setups.size());
  models.constant_power = fit_hours(rows, false);
  models.power_and_offset = fit_hours(rows, true);
  if (!models.power_and_offset) {
    models.absent[ScalingKind::power_and_offset] = "it needs two setups whose GPU hours differ";
  }
  fit_rates(models, setups, rows);
  choose_model(models);
}

ScalingForecast two_state_forecast(const TwoStateModel& model, const ParallelTraining& work) {
  const double overhead = 1 / parallel_efficiency(work, model.reference) - 1;
  const double times = 1 + model.waiting_share * overhead;
  ScalingForecast forecast{two_state_energy_j(work, model.reference, model.waiting_share),
                           std::nullopt,
                           model.waiting_share * (1 + overhead) / times};
  if (model.interval && model.quality.half_width) {
    const double share = (model.interval->hi - model.waiting_share) * overhead / times;
    forecast.half_width = std::hypot(*model.quality.half_width, share);
  }
  return forecast;
}

ScalingForecast line_forecast(const HourFit& fit, const ParallelTraining& work) {
  const double hours = device_hours(work);
  const double energy = fit.energy_j(hours);
  ScalingForecast forecast{energy, std::nullopt, (energy - fit.offset_j.value_or(0)) / energy};
  if (fit.quality.half_width) {
    forecast.half_width = *fit.quality.half_width * std::sqrt(1 + 1.0 / fit.quality.rows);
  }
  return forecast;
}

ScalingForecast rates_forecast(const EnergyModel& model, const ParallelTraining& work) {
  const double power = model.power_per_device_w(work);
  double with_time = 0;
  for (const EnergyCoefficient& one : model.coefficients) {
    if (one.term == EnergyTerm::device) {
      with_time += one.value;
    } else if (one.term == EnergyTerm::node) {
      with_time += one.value * work.nodes / work.devices;
    }
  }
  ScalingForecast forecast{
      power * device_hours(work) * kSecondsPerHour, std::nullopt, with_time / power};
  if (const auto half = model.half_width_w(work)) {
    forecast.half_width = *half / power;
  }
  return forecast;
}

}  // namespace

const char* name_of(ScalingKind kind) {
  switch (kind) {
    case ScalingKind::constant_power:
      return "constant_power";
    case ScalingKind::power_and_offset:
      return "power_and_offset";
    case ScalingKind::two_state:
      return "two_state";
    case ScalingKind::rates:
      return "rates";
  }
  return "";
}

const FitQuality* ScalingModels::quality(ScalingKind kind) const {
  switch (kind) {
    case ScalingKind::constant_power:
      return constant_power ? &constant_power->quality : nullptr;
    case ScalingKind::power_and_offset:
      return power_and_offset ? &power_and_offset->quality : nullptr;
    case ScalingKind::two_state:
      return two_state ? &two_state->quality : nullptr;
    case ScalingKind::rates:
      return rates_quality ? &*rates_quality : nullptr;
  }
  return nullptr;
}

int ScalingModels::coefficients(ScalingKind kind) const {
  switch (kind) {
    case ScalingKind::constant_power:
      return 1;
    case ScalingKind::power_and_offset:
    case ScalingKind::two_state:
      return 2;
    case ScalingKind::rates:
      return rates ? static_cast<int>(rates->coefficients.size()) : 0;
  }
  return 0;
}

ScalingModels fit_scaling_models(std::span<const ScalingSetup> setups) {
  ScalingModels models;
  if (!setups.empty()) {
    const std::vector<ParallelTraining> rows = trainings_of(setups);
    fit_states(models, setups, rows);
    fit_others(models, setups, rows);
  }
  return models;
}

ScalingModels fit_models_over_jobs(std::span<const ScalingSetup> setups) {
  ScalingModels models;
  if (!setups.empty()) {
    models.absent[ScalingKind::two_state] = "each job has its own reference";
    fit_others(models, setups, trainings_of(setups));
  }
  return models;
}

ScalingForecast scaling_forecast(const ScalingModels& models,
                                 ScalingKind kind,
                                 const ParallelTraining& work) {
  expects(models.quality(kind) != nullptr, "a model that was fitted");
  switch (kind) {
    case ScalingKind::two_state:
      return two_state_forecast(*models.two_state, work);
    case ScalingKind::rates:
      return rates_forecast(*models.rates, work);
    case ScalingKind::power_and_offset:
      return line_forecast(*models.power_and_offset, work);
    case ScalingKind::constant_power:
      break;
  }
  return line_forecast(*models.constant_power, work);
}

std::vector<JobLeftOut> jobs_left_out(const ScalingTable& table) {
  std::vector<JobLeftOut> jobs;
  std::vector<TwoStateModel> models;
  for (std::size_t group = 0; group < table.groups.size(); ++group) {
    const std::vector<ScalingSetup>& setups = table.groups[group].setups;
    const ScalingModels fitted = fit_scaling_models(setups);
    if (fitted.two_state) {
      jobs.push_back({group, fitted.two_state->waiting_share});
      models.push_back(*fitted.two_state);
    }
  }
  if (jobs.size() < 2) {
    return {};
  }
  double sum = 0;
  for (const JobLeftOut& job : jobs) {
    sum += job.waiting_share;
  }
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    JobLeftOut& job = jobs[i];
    const ParallelTraining& reference = models[i].reference;
    const ParallelTraining most = table.groups[job.group].setups.back().training();
    job.given_share = (sum - job.waiting_share) / static_cast<double>(jobs.size() - 1);
    job.two_state_error = two_state_energy_j(most, reference, job.given_share) / most.energy_j - 1;
    job.constant_error = power_per_device_w(reference) / power_per_device_w(most) - 1;
    job.gpus = most.devices;
    job.reference_gpus = reference.devices;
  }
  return jobs;
}

}  // namespace gradwatt
