#include "report/csv_rows.h"
#include "report/parallel_text.h"

#include <algorithm>

namespace gradwatt {
namespace {

/// The columns that every training has, here and published.
CsvRow training_row(const std::string& origin,
                    const ParallelSeries& series,
                    const ParallelPoint& point) {
  CsvRow row{origin, series.name, name_of(point.state), std::to_string(point.runs)};
  const auto add = [&](const std::optional<double>& value) { row.push_back(csv(value)); };
  const auto of_training = [&](double ParallelTraining::*field) {
    add(point.training ? std::optional((*point.training).*field) : std::nullopt);
  };
  const auto of_rates = [&](double ScalingRates::*field) {
    add(point.training ? std::optional(rates_of(*point.training).*field) : std::nullopt);
  };
  of_training(&ParallelTraining::devices);
  of_training(&ParallelTraining::nodes);
  add(point.local_batch);
  add(point.global_batch);
  of_training(&ParallelTraining::samples);
  of_training(&ParallelTraining::updates);
  of_training(&ParallelTraining::energy_j);
  const auto interval = point.energy_j ? point.energy_j->interval : std::nullopt;
  add(interval ? std::optional(interval->lo) : std::nullopt);
  add(interval ? std::optional(interval->hi) : std::nullopt);
  of_training(&ParallelTraining::time_s);
  of_rates(&ScalingRates::device_hours);
  of_rates(&ScalingRates::power_per_device_w);
  of_rates(&ScalingRates::samples_per_device_hour);
  of_rates(&ScalingRates::updates_per_device_hour);
  of_rates(&ScalingRates::energy_per_sample_j);
  add(point.speed_up);
  add(point.efficiency);
  row.push_back(series.metric);
  add(point.metric);
  return row;
}

std::string series_csv(const ParallelView& view) {
  std::vector<CsvRow> rows{{"origin",
                            "series",
                            "state",
                            "runs",
                            "devices",
                            "nodes",
                            "local_batch",
                            "global_batch",
                            "samples",
                            "updates",
                            "energy_j",
                            "energy_lo_j",
                            "energy_hi_j",
                            "time_s",
                            "device_hours",
                            "power_per_device_w",
                            "samples_per_device_hour",
                            "updates_per_device_hour",
                            "energy_per_sample_j",
                            "speed_up",
                            "efficiency",
                            "metric",
                            "metric_last"}};
  for (const ParallelSeries& series : view.series) {
    for (const ParallelPoint& point : series.points) {
      rows.push_back(training_row("here", series, point));
    }
  }
  for (const char* part : {"local", "global", "large"}) {
    const ParallelSeries paper = paper_series(part);
    for (const ParallelPoint& point : paper.points) {
      rows.push_back(training_row("published", paper, point));
    }
  }
  return csv_text(rows);
}

std::string model_csv(const ParallelView& view) {
  std::vector<CsvRow> rows{
      {"origin", "workload", "term", "value", "lo", "hi", "inflation", "mean_error"}};
  const auto add = [&](const std::string& origin, const WorkloadEnergy& energy) {
    for (std::size_t i = 0; energy.model && i < energy.model->coefficients.size(); ++i) {
      const EnergyCoefficient& one = energy.model->coefficients[i];
      rows.push_back({origin,
                      energy.workload,
                      name_of(one.term),
                      csv(one.value),
                      csv(one.interval ? std::optional(one.interval->lo) : std::nullopt),
                      csv(one.interval ? std::optional(one.interval->hi) : std::nullopt),
                      csv(one.inflation),
                      csv(energy.nested[i].mean_error)});
    }
  };
  for (const WorkloadEnergy& energy : workload_energies(view)) {
    add("here", energy);
  }
  add("published", paper_energy());
  return csv_text(rows);
}

std::string results_csv(const ParallelView& view) {
  std::vector<CsvRow> rows{{"series", "global_batch", "devices", "metric_last", "standard_error"}};
  for (const char* prefix : {"imagenet", "era5-local", "era5-finetune"}) {
    for (const BatchResult& one : results_by_batch(view, prefix)) {
      rows.push_back({prefix,
                      csv(one.global_batch),
                      csv(one.devices),
                      csv(one.metric),
                      csv(one.metric_error)});
    }
  }
  return csv_text(rows);
}

}  // namespace

std::vector<StudyFile> parallel_csv_files(const ParallelView& view) {
  return {{"series.csv", series_csv(view)},
          {"model.csv", model_csv(view)},
          {"results.csv", results_csv(view)}};
}

}  // namespace gradwatt
