#include "analyze/energy_model.h"

#include "analyze/nonnegative_fit.h"
#include "analyze/variance_inflation.h"
#include "base/expects.h"

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

using Terms = std::vector<EnergyTerm>;

/// The term's input, in units that make its coefficient watts, joules per sample or per step.
double input_of(EnergyTerm term, const ParallelTraining& training) {
  switch (term) {
    case EnergyTerm::device:
      return 1;
    case EnergyTerm::node:
      return training.nodes / training.devices;
    case EnergyTerm::sample:
      return rates_of(training).samples_per_device_hour / kSecondsPerHour;
    case EnergyTerm::update:
      return rates_of(training).updates_per_device_hour / kSecondsPerHour;
  }
  return 0;
}

std::vector<FitRow> power_rows(std::span<const ParallelTraining> rows,
                               std::span<const EnergyTerm> terms) {
  std::vector<FitRow> fit;
  for (const ParallelTraining& row : rows) {
    FitRow& one = fit.emplace_back();
    for (const EnergyTerm term : terms) {
      one.inputs.push_back(input_of(term, row));
    }
    one.value = power_per_device_w(row);
  }
  return fit;
}

double predicted(const std::vector<double>& coefficients, const FitRow& row) {
  double sum = 0;
  for (std::size_t i = 0; i < coefficients.size(); ++i) {
    sum += coefficients[i] * row.inputs[i];
  }
  return sum;
}

double relative_miss(const std::vector<double>& coefficients, const FitRow& row) {
  return std::abs(predicted(coefficients, row) - row.value) / row.value;
}

void measure_fit(EnergyModel& model,
                 const std::vector<FitRow>& rows,
                 const std::vector<double>& coefficients) {
  double mean = 0;
  for (const FitRow& row : rows) {
    mean += row.value / static_cast<double>(rows.size());
  }
  double left = 0;
  double total = 0;
  for (const FitRow& row : rows) {
    left += std::pow(predicted(coefficients, row) - row.value, 2);
    total += std::pow(row.value - mean, 2);
    model.mean_error += relative_miss(coefficients, row) / static_cast<double>(rows.size());
  }
  constexpr double kRoundedAway = 1e-12;
  if (total > kRoundedAway * mean * mean) {
    const double r2 = 1 - left / total;
    model.r2 = std::abs(r2) < kRoundedAway ? 0 : r2;
  }
}

/// Fits without one row at a time, and asks each fit for the row that it has not seen.
void leave_rows_out(EnergyModel& model, const std::vector<FitRow>& rows) {
  if (rows.size() < rows.front().inputs.size() + 2) {
    return;
  }
  double sum = 0;
  double most = 0;
  for (std::size_t out = 0; out < rows.size(); ++out) {
    std::vector<FitRow> others = rows;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(out));
    const double miss = relative_miss(nonnegative_fit(others), rows[out]);
    sum += miss;
    most = std::max(most, miss);
  }
  model.left_out_error = sum / static_cast<double>(rows.size());
  model.left_out_error_max = most;
}

std::vector<std::vector<double>> columns_of(std::span<const ParallelTraining> rows,
                                            const Terms& terms) {
  std::vector<std::vector<double>> columns;
  for (const EnergyTerm term : terms) {
    std::vector<double>& column = columns.emplace_back();
    for (const ParallelTraining& row : rows) {
      column.push_back(input_of(term, row));
    }
  }
  return columns;
}

}  // namespace

const char* name_of(EnergyTerm term) {
  switch (term) {
    case EnergyTerm::device:
      return "per device";
    case EnergyTerm::node:
      return "per node";
    case EnergyTerm::sample:
      return "per sample";
    case EnergyTerm::update:
      return "per device step";
  }
  return "";
}

const EnergyCoefficient* EnergyModel::coefficient(EnergyTerm term) const {
  const auto found = std::find_if(
      coefficients.begin(), coefficients.end(), [&](const auto& one) { return one.term == term; });
  return found == coefficients.end() ? nullptr : &*found;
}

double EnergyModel::power_per_device_w(const ParallelTraining& training) const {
  double sum = 0;
  for (const EnergyCoefficient& one : coefficients) {
    sum += one.value * input_of(one.term, training);
  }
  return sum;
}

double EnergyModel::share(EnergyTerm term, const ParallelTraining& training) const {
  const EnergyCoefficient* one = coefficient(term);
  return one == nullptr ? 0 : one->value * input_of(term, training) / power_per_device_w(training);
}

std::optional<double> EnergyModel::half_width_w(const ParallelTraining& training) const {
  std::vector<double> inputs;
  for (const EnergyCoefficient& one : coefficients) {
    inputs.push_back(input_of(one.term, training));
  }
  return fit.half_width(inputs);
}

EnergyModel fit_energy_model(std::span<const ParallelTraining> rows,
                             std::span<const EnergyTerm> terms) {
  expects(!rows.empty() && !terms.empty(), "trainings and terms to fit");
  EnergyModel model;
  model.rows = static_cast<int>(rows.size());
  const std::vector<FitRow> fit = power_rows(rows, terms);
  model.fit = NonnegativeModel(fit);
  const std::vector<double>& coefficients = model.fit.coefficients();
  const auto columns = columns_of(rows, {terms.begin(), terms.end()});
  for (std::size_t i = 0; i < terms.size(); ++i) {
    model.coefficients.push_back({terms[i], coefficients[i], model.fit.interval(i), std::nullopt});
    if (terms[i] != EnergyTerm::device) {
      model.coefficients.back().inflation = variance_inflation(columns, i);
    }
  }
  measure_fit(model, fit, coefficients);
  leave_rows_out(model, fit);
  return model;
}

std::optional<EnergyModel> identifiable_energy_model(std::span<const ParallelTraining> rows,
                                                     std::span<const EnergyTerm> known) {
  constexpr std::size_t kSpareRows = 2;
  if (rows.size() < kSpareRows + 1) {
    return std::nullopt;
  }
  Terms terms{EnergyTerm::device};
  std::vector<TermLeftOut> left_out;
  for (const EnergyTerm term : known) {
    if (term == EnergyTerm::device) {
      continue;
    }
    Terms with = terms;
    with.push_back(term);
    std::vector<std::string> names;
    for (const EnergyTerm one : with) {
      names.emplace_back(name_of(one));
    }
    if (rows.size() < with.size() + kSpareRows) {
      left_out.push_back({term, "too few trainings for so many terms"});
    } else if (auto why = why_not_told_apart(columns_of(rows, with), names)) {
      left_out.push_back({term, std::move(*why)});
    } else {
      terms = std::move(with);
    }
  }
  EnergyModel model = fit_energy_model(rows, terms);
  model.left_out = std::move(left_out);
  return model;
}

std::vector<EnergyModel> nested_energy_models(std::span<const ParallelTraining> rows,
                                              const EnergyModel& full) {
  std::vector<EnergyModel> models;
  Terms terms;
  for (const EnergyCoefficient& one : full.coefficients) {
    terms.push_back(one.term);
    models.push_back(fit_energy_model(rows, terms));
  }
  return models;
}

}  // namespace gradwatt
