#include "analyze/training_time_model.h"

#include "analyze/scaling_models.h"
#include "base/expects.h"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

constexpr double kNothing = 1e-12;
/// Beyond this a form is not chosen, and beyond the second it is not even a rival.
constexpr double kConditionMax = 30;
constexpr double kRivalConditionMax = 300;

double time_input(TimeTerm term, const ParallelTraining& work) {
  switch (term) {
    case TimeTerm::sample:
      return work.samples / work.devices;
    case TimeTerm::start:
      return 1;
    case TimeTerm::step:
      return work.updates;
    case TimeTerm::exchange:
      return work.updates * (1 - 1 / work.devices);
  }
  return 0;
}

std::vector<double> time_inputs(const std::vector<TimeTerm>& terms, const ParallelTraining& work) {
  std::vector<double> inputs;
  for (const TimeTerm term : terms) {
    inputs.push_back(time_input(term, work));
  }
  return inputs;
}

std::vector<FitRow> time_rows(const std::vector<TimeTerm>& terms,
                              std::span<const ParallelTraining> trainings) {
  std::vector<FitRow> rows;
  for (const ParallelTraining& one : trainings) {
    FitRow row{time_inputs(terms, one), 1};
    for (double& input : row.inputs) {
      input /= one.time_s;
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

/// Condition number of the columns, scaled to the same length; nullopt for fewer rows than columns.
std::optional<double> condition_of(const std::vector<FitRow>& rows) {
  const auto columns = static_cast<Eigen::Index>(rows.front().inputs.size());
  if (static_cast<Eigen::Index>(rows.size()) < columns) {
    return std::nullopt;
  }
  Eigen::MatrixXd design(static_cast<Eigen::Index>(rows.size()), columns);
  for (Eigen::Index row = 0; row < design.rows(); ++row) {
    for (Eigen::Index column = 0; column < columns; ++column) {
      design(row, column) =
          rows[static_cast<std::size_t>(row)].inputs[static_cast<std::size_t>(column)];
    }
  }
  const Eigen::VectorXd length = design.colwise().norm();
  if (length.minCoeff() <= 0) {
    return std::nullopt;
  }
  design = design * length.cwiseInverse().asDiagonal();
  const Eigen::VectorXd singular = Eigen::JacobiSVD<Eigen::MatrixXd>(design).singularValues();
  return singular(0) / std::max(singular(columns - 1), kNothing);
}

std::vector<ParallelTraining> without_row(std::span<const ParallelTraining> rows, std::size_t out) {
  std::vector<ParallelTraining> others(rows.begin(), rows.end());
  others.erase(others.begin() + static_cast<std::ptrdiff_t>(out));
  return others;
}

std::optional<TrainingTimeModel> fitted_terms(std::span<const ParallelTraining> trainings,
                                              const std::vector<TimeTerm>& terms) {
  if (trainings.empty()) {
    return std::nullopt;
  }
  const std::vector<FitRow> rows = time_rows(terms, trainings);
  const auto condition = condition_of(rows);
  if (!condition || *condition > kRivalConditionMax) {
    return std::nullopt;
  }
  TrainingTimeModel model;
  model.terms = terms;
  model.fit = NonnegativeModel(rows);
  model.condition = *condition;
  return model;
}

std::optional<TrainingTimeModel> fitted_trend(std::span<const ParallelTraining> trainings) {
  TrainingTimeModel model;
  double mean_y = 0;
  const auto n = static_cast<double>(trainings.size());
  const auto excess = [](const ParallelTraining& one) {
    return std::log(one.time_s * one.devices / one.samples);
  };
  for (const ParallelTraining& one : trainings) {
    model.trend_mean += std::log(one.devices) / n;
    mean_y += excess(one) / n;
  }
  double product = 0;
  for (const ParallelTraining& one : trainings) {
    const double dx = std::log(one.devices) - model.trend_mean;
    model.trend_squares += dx * dx;
    product += dx * (excess(one) - mean_y);
  }
  constexpr double kSameCount = 1e-6;
  if (trainings.size() < 2 || model.trend_squares < kSameCount) {
    return std::nullopt;
  }
  model.trend_b = product / model.trend_squares;
  model.trend_a = mean_y - model.trend_b * model.trend_mean;
  return model;
}

std::optional<TrainingTimeModel> fitted_form(std::span<const ParallelTraining> trainings,
                                             const std::vector<TimeTerm>& terms) {
  return terms.empty() ? fitted_trend(trainings) : fitted_terms(trainings, terms);
}

int coefficients_of(const TrainingTimeModel& model) {
  return model.terms.empty() ? 2 : static_cast<int>(model.terms.size());
}

void judge_times(TrainingTimeModel& model, std::span<const ParallelTraining> trainings) {
  std::vector<double> given;
  std::vector<double> measured;
  for (const ParallelTraining& one : trainings) {
    given.push_back(model.time_s(one));
    measured.push_back(one.time_s);
  }
  model.quality = fit_quality(
      given, measured, coefficients_of(model), [&](std::size_t row) -> std::optional<double> {
        const auto others = fitted_form(without_row(trainings, row), model.terms);
        return others ? std::optional(others->time_s(trainings[row])) : std::nullopt;
      });
}

bool have_all(std::span<const ScalingSetup> setups, std::optional<double> ScalingSetup::*which) {
  return std::all_of(setups.begin(), setups.end(), [&](const ScalingSetup& setup) {
    return (setup.*which).has_value();
  });
}

/// The forms to try; the trend has no terms.
std::vector<std::vector<TimeTerm>> time_forms(std::span<const ScalingSetup> setups,
                                              bool one_count) {
  std::vector<std::vector<TimeTerm>> forms;
  if (!one_count) {
    forms.emplace_back();
  }
  std::vector<TimeTerm> optional{TimeTerm::start};
  if (have_all(setups, &ScalingSetup::updates) && have_all(setups, &ScalingSetup::samples)) {
    optional.push_back(TimeTerm::step);
    if (!one_count) {
      optional.push_back(TimeTerm::exchange);
    }
  }
  // All subsets of them beside the time of a sample.
  for (unsigned subset = 0; subset < 1U << optional.size(); ++subset) {
    std::vector<TimeTerm>& form = forms.emplace_back(1, TimeTerm::sample);
    for (std::size_t i = 0; i < optional.size(); ++i) {
      if ((subset >> i & 1U) != 0) {
        form.push_back(optional[i]);
      }
    }
  }
  return forms;
}

/// Of one form alone.
std::optional<double> own_half_width(const TrainingTimeModel& model, const ParallelTraining& work) {
  if (model.terms.empty()) {
    if (!model.quality.half_width) {
      return std::nullopt;
    }
    const double away = std::log(work.devices) - model.trend_mean;
    return *model.quality.half_width *
           std::sqrt(1 + 1.0 / model.quality.rows + away * away / model.trend_squares);
  }
  std::vector<double> inputs = time_inputs(model.terms, work);
  const double time = model.time_s(work);
  for (double& input : inputs) {
    input /= time;
  }
  return model.fit.half_width(inputs);
}

/// Those of the forms that are nearly as good as the best.
std::vector<TrainingTimeModel> rivals_among(const std::vector<TrainingTimeModel>& tested) {
  constexpr double kNearlyAsGood = 1.5;
  double least = INFINITY;
  for (const TrainingTimeModel& model : tested) {
    least = std::min(least, *model.quality.left_out_error);
  }
  std::vector<TrainingTimeModel> rivals;
  for (const TrainingTimeModel& model : tested) {
    if (*model.quality.left_out_error <= kNearlyAsGood * least) {
      rivals.push_back(model);
    }
  }
  return rivals;
}

/// Whether `a` is to be preferred, both judged by what setups left out say.
bool misses_less(const TrainingTimeModel& a, const TrainingTimeModel& b) {
  constexpr double kEqual = 1.1;
  const double miss_a = *a.quality.left_out_error;
  const double miss_b = *b.quality.left_out_error;
  return coefficients_of(a) < coefficients_of(b) ? miss_a <= kEqual * miss_b
                                                 : kEqual * miss_a < miss_b;
}

}  // namespace

const char* name_of(TimeTerm term) {
  switch (term) {
    case TimeTerm::sample:
      return "sample";
    case TimeTerm::start:
      return "start";
    case TimeTerm::step:
      return "step";
    case TimeTerm::exchange:
      return "exchange";
  }
  return "";
}

double TrainingTimeModel::time_s(const ParallelTraining& work) const {
  if (!terms.empty()) {
    return fit.value(time_inputs(terms, work));
  }
  return std::exp(trend_a) * work.samples * std::pow(work.devices, trend_b - 1);
}

std::optional<double> TrainingTimeModel::half_width(const ParallelTraining& work) const {
  std::optional<double> widest = own_half_width(*this, work);
  for (const TrainingTimeModel& rival : rivals) {
    if (const auto half = own_half_width(rival, work)) {
      const double apart = std::log(rival.time_s(work) / time_s(work));
      widest = std::max(widest.value_or(0), std::hypot(*half, apart));
    }
  }
  return widest;
}

std::optional<TrainingTimeModel> fit_training_time(std::span<const ScalingSetup> setups) {
  if (setups.empty()) {
    return std::nullopt;
  }
  std::vector<ParallelTraining> trainings;
  for (const ScalingSetup& setup : setups) {
    expects(setup.gpus.has_value(), "a known number of GPUs");
    trainings.push_back(setup.training());
  }
  const bool one_count = std::all_of(setups.begin(), setups.end(), [&](const auto& setup) {
    return *setup.gpus == *setups.front().gpus;
  });
  std::vector<TrainingTimeModel> tested;
  std::optional<TrainingTimeModel> best;
  std::optional<TrainingTimeModel> untested;
  for (const std::vector<TimeTerm>& form : time_forms(setups, one_count)) {
    auto model = fitted_form(trainings, form);
    if (!model) {
      continue;
    }
    judge_times(*model, trainings);
    if (model->quality.left_out_error && setups.size() >= kLeastTested) {
      tested.push_back(*model);
      if (model->condition <= kConditionMax && (!best || misses_less(*model, *best))) {
        best = model;
      }
    } else if (!untested) {
      untested = model;
    }
  }
  std::optional<TrainingTimeModel> chosen = best ? best : untested;
  if (chosen && best) {
    chosen->rivals = rivals_among(tested);
  }
  if (chosen && one_count) {
    chosen->is_perfect = true;
  }
  return chosen;
}

}  // namespace gradwatt
