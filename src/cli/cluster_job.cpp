#include "cli/cluster_job.h"

#include "analyze/energy_model.h"
#include "analyze/large_batch_error.h"
#include "analyze/parallel_paper.h"
#include "analyze/step_time_model.h"
#include "base/error.h"
#include "experiment/stored_attempts.h"
#include "experiment/sweep_plan.h"
#include "plant/random_stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace gradwatt {
namespace {

constexpr double kPowerDeviation = 0.01;
constexpr double kTimeDeviation = 0.005;
constexpr double kEpochDeviation = 0.005;
constexpr double kAccuracyDeviation = 0.001;
constexpr double kValidationImages = 50'000;
/// A training step costs as much as three forward passes.
constexpr double kForwardsPerStep = 3;
constexpr std::uint64_t kOrderSeed = 1;

/// An epoch trains, then evaluates the same samples, then the validation part.
std::vector<std::pair<std::string, double>> phases_of_study() {
  const double validation = kValidationImages / kImagenetImages;
  const double whole = kForwardsPerStep + 1 + validation;
  return {
      {"train", kForwardsPerStep / whole}, {"eval-train", 1 / whole}, {"eval", validation / whole}};
}

/// A whole number behind a name of the point; `otherwise` when it has none.
int number_in(const std::map<std::string, std::string>& values,
              const std::string& name,
              int otherwise) {
  const auto found = values.find(name);
  if (found != values.end()) {
    const std::string& text = found->second;
    std::from_chars(text.data(), text.data() + text.size(), otherwise);
  }
  return otherwise;
}

ClusterJob job_of(const SweepFile& sweep, const SweepPoint& point) {
  const auto values = values_of(sweep, point.factors, point.repeat);
  ClusterJob job;
  job.gpus = number_in(values, "ranks", 1);
  job.local_batch = number_in(values, "local_batch", 0);
  job.global_batch = number_in(values, "global_batch", job.local_batch * job.gpus);
  job.local_batch = job.global_batch / job.gpus;
  if (const auto subset = values.find("subset"); subset != values.end()) {
    job.dataset_share = std::stod(subset->second);
  }
  job.epochs = number_in(values, "max_epochs", kPaperEpochs);
  constexpr int kDigits = 15;
  constexpr int kHexadecimal = 16;
  std::from_chars(point.key.data(), point.key.data() + kDigits, job.seed, kHexadecimal);
  return job;
}

}  // namespace

ClusterRun cluster_run_of(const ClusterJob& job) {
  if (job.gpus < 1 || job.local_batch < 1) {
    throw UsageError(
        fmt::format(
            "a global batch of {} leaves nothing for each of {} GPUs", job.global_batch, job.gpus),
        "--global-batch",
        "give at least one sample per GPU");
  }
  const auto paper = distinct_paper_trainings();
  static const EnergyModel kPower = *identifiable_energy_model(paper);
  static const StepTimeModel kTime = fit_step_time(paper_epochs());
  const double samples = std::floor(kImagenetImages * job.dataset_share);
  const double per_device = std::floor(samples / job.gpus);
  const double steps = std::ceil(per_device / job.local_batch);
  ClusterRun run;
  run.devices = job.gpus;
  run.devices_per_node = kPaperDevicesPerNode;
  run.epochs = job.epochs;
  run.phases = phases_of_study();
  run.epoch = from_seconds(kTime.time_s({steps, per_device, 0}));
  const double t = seconds(run.epoch);
  run.device_power = {kPower.coefficient(EnergyTerm::device)->value +
                      kPower.coefficient(EnergyTerm::sample)->value * samples / job.gpus / t +
                      kPower.coefficient(EnergyTerm::update)->value * steps / t};
  run.node_power = {kPower.coefficient(EnergyTerm::node)->value};
  run.power_deviation = kPowerDeviation;
  run.time_deviation = kTimeDeviation;
  run.epoch_deviation = kEpochDeviation;
  run.samples = static_cast<std::int64_t>(samples);
  run.steps = static_cast<std::int64_t>(steps);
  run.params = {{"ranks", std::to_string(job.gpus)},
                {"nodes", std::to_string(run.nodes())},
                {"local_batch", std::to_string(job.local_batch)},
                {"global_batch", std::to_string(job.global_batch)}};
  run.seed = job.seed;
  if (job.dataset_share == 1) {
    RandomStream random(job.seed ^ 0xacc0U);
    const double chance = kAccuracyDeviation * random.between(-std::sqrt(3), std::sqrt(3));
    run.metric = std::pair("val_acc", 1 - large_batch_error(job.global_batch) + chance);
  }
  return run;
}

int simulate_sweep(const SweepFile& sweep, const Store& store) {
  StoredAttempts stored(store, sweep.name, sweep.goal);
  const std::vector<Attempt> attempts = stored.read();
  int simulated = 0;
  for (const PlannedPoint& planned : plan_sweep(sweep, kOrderSeed, "simulated")) {
    if (state_of(planned.point.key, attempts) == PointState::done) {
      continue;
    }
    const ClusterLabel label{fmt::format("{}#{}", sweep.name, planned.position),
                             {"gradwatt", "simulate", "cluster"},
                             sweep_tags(sweep, kOrderSeed),
                             planned.point};
    store_cluster_run(cluster_run_of(job_of(sweep, planned.point)), label, store);
    ++simulated;
  }
  return simulated;
}

}  // namespace gradwatt
