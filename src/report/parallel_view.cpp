#include "report/parallel_view.h"

#include "analyze/parallel_paper.h"

#include <algorithm>

namespace gradwatt {
namespace {

WorkloadEnergy energy_from(std::string workload, std::vector<ParallelTraining> trainings) {
  WorkloadEnergy energy{std::move(workload), std::move(trainings), {}, {}, {}};
  energy.line = gpu_hour_line(energy.trainings);
  energy.model = identifiable_energy_model(energy.trainings);
  if (energy.model) {
    energy.nested = nested_energy_models(energy.trainings, *energy.model);
  }
  return energy;
}

bool grows(const ParallelSeries& series) {
  return series.name.find("-growing-") != std::string::npos;
}

}  // namespace

const ParallelSeries* ParallelView::part(std::string_view name) const {
  const auto found = std::find_if(
      series.begin(), series.end(), [&](const ParallelSeries& one) { return one.name == name; });
  return found == series.end() ? nullptr : &*found;
}

std::vector<WorkloadEnergy> workload_energies(const ParallelView& view) {
  std::vector<std::string> workloads;
  for (const ParallelSeries& series : view.series) {
    if (std::find(workloads.begin(), workloads.end(), series.workload) == workloads.end()) {
      workloads.push_back(series.workload);
    }
  }
  std::vector<WorkloadEnergy> energies;
  for (const std::string& workload : workloads) {
    energies.push_back(energy_from(workload, distinct_trainings(view.series, workload)));
  }
  return energies;
}

WorkloadEnergy paper_energy() { return energy_from("imagenet", distinct_paper_trainings()); }

std::vector<BatchResult> results_by_batch(const ParallelView& view, std::string_view prefix) {
  std::vector<BatchResult> results;
  for (const ParallelSeries& series : view.series) {
    if (!series.name.starts_with(prefix) || grows(series)) {
      continue;
    }
    for (const ParallelPoint& point : series.points) {
      if (point.training && point.metric && point.global_batch) {
        results.push_back(
            {*point.global_batch, point.training->devices, *point.metric, point.metric_error});
      }
    }
  }
  std::sort(results.begin(), results.end(), [](const BatchResult& a, const BatchResult& b) {
    return std::pair(a.global_batch, a.devices) < std::pair(b.global_batch, b.devices);
  });
  const auto again =
      std::unique(results.begin(), results.end(), [](const BatchResult& a, const BatchResult& b) {
        return a.global_batch == b.global_batch;
      });
  results.erase(again, results.end());
  return results;
}

std::string hours_words(const ParallelView& view) {
  return view.scale == "small" ? "dev h" : "GPU h";
}

std::string parallel_energy_words(const ParallelView& view) {
  std::size_t known = 0;
  std::size_t estimated = 0;
  for (const ParallelSeries& series : view.series) {
    const bool has_energy = !trainings_in(series).empty();
    known += has_energy ? 1 : 0;
    estimated += has_energy && series.estimated ? 1 : 0;
  }
  if (known == 0) {
    return "unknown";
  }
  if (view.scale == "simulated") {
    return "simulated";
  }
  return estimated == 0 ? "measured"
                        : (estimated == known ? "estimated by a model" : "partly estimated");
}

}  // namespace gradwatt
