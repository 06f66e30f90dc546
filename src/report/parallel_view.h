#pragma once

#include "analyze/energy_model.h"
#include "analyze/gpu_hour_line.h"
#include "analyze/parallel_series.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// Study 2, reproduced as far as its sweeps were run: what its report is made of.
struct ParallelView {
  std::string scale;  ///< "small", "paper" or "simulated".
  std::vector<ParallelSeries>
      series;                      ///< In the study's order; those that were not run are absent.
  std::vector<std::string> notes;  ///< What a reader must know, one sentence each.

  /// The series of a name such as "imagenet-growing-local"; nullptr when it was not run.
  [[nodiscard]] const ParallelSeries* part(std::string_view name) const;
};

/// What the trainings of one workload say together.
struct WorkloadEnergy {
  std::string workload;
  std::vector<ParallelTraining> trainings;  ///< Distinct ones.
  std::optional<GpuHourLine> line;
  std::optional<EnergyModel> model;
  std::vector<EnergyModel> nested;
};

/// Of every workload that has a series.
[[nodiscard]] std::vector<WorkloadEnergy> workload_energies(const ParallelView& view);

/// The same of the published trainings.
[[nodiscard]] WorkloadEnergy paper_energy();

/// One result of trainings on the same samples with some global batch.
struct BatchResult {
  double global_batch = 0;
  double devices = 0;
  double metric = 0;
  std::optional<double> metric_error;
};

/// Results of the workload's series whose data set does not grow, by global batch; of several with
/// one batch that with the fewest devices.
[[nodiscard]] std::vector<BatchResult> results_by_batch(const ParallelView& view,
                                                        std::string_view prefix);

/// "GPU h", or "dev h" (device hours) where ranks are no GPUs.
[[nodiscard]] std::string hours_words(const ParallelView& view);

/// "simulated", "measured", "estimated by a model" or "unknown": of all energies of the report.
[[nodiscard]] std::string parallel_energy_words(const ParallelView& view);

}  // namespace gradwatt
