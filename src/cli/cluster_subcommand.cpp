#include "cli/cluster_subcommand.h"

#include "analyze/parallel_paper.h"
#include "analyze/scaling_rates.h"
#include "base/error.h"
#include "cli/cluster_job.h"
#include "cli/parallel_plan.h"
#include "cli/sweep_table.h"
#include "record/account.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>

namespace gradwatt {
namespace {

/// Images that each GPU of the published growing series has.
constexpr double kImagesPerGpu = 5004;

struct ClusterFlags {
  ClusterJob job;
  int local_batch = 0;
  int global_batch = 0;
  std::string dataset = "constant";
  double images_per_gpu = kImagesPerGpu;
  int repeat = 1;
  std::string series;
  std::string name = "simulated";
  std::string store;
};

void settle_batches(ClusterFlags& flags) {
  ClusterJob& job = flags.job;
  const bool both = flags.local_batch > 0 && flags.global_batch > 0;
  if (both && flags.local_batch * job.gpus != flags.global_batch) {
    throw UsageError(fmt::format("{} GPUs with {} samples each are no global batch of {}",
                                 job.gpus,
                                 flags.local_batch,
                                 flags.global_batch),
                     "--local-batch, --global-batch",
                     "give one of the two");
  }
  if (flags.global_batch % job.gpus != 0) {  // As gradwatt-train refuses it.
    const int below = flags.global_batch / job.gpus * job.gpus;
    throw UsageError(fmt::format("a global batch of {} cannot be shared evenly by {} GPUs",
                                 flags.global_batch,
                                 job.gpus),
                     "--global-batch",
                     below > 0 ? fmt::format("{} or {} would do", below, below + job.gpus)
                               : fmt::format("{} would do", job.gpus));
  }
  if (flags.global_batch > 0) {
    job.global_batch = flags.global_batch;
    job.local_batch = flags.global_batch / job.gpus;
  } else {
    job.local_batch = flags.local_batch > 0 ? flags.local_batch : job.local_batch;
    job.global_batch = job.local_batch * job.gpus;
  }
  if (flags.dataset == "growing") {
    job.dataset_share = std::min(1.0, flags.images_per_gpu * job.gpus / kImagenetImages);
  }
}

void print_heading() {
  fmt::print("{:>6} {:>6} {:>7} {:>9} {:>10} {:>9} {:>9} {:>8}\n",
             "GPUs",
             "local",
             "global",
             "images",
             "kWh",
             "GPU h",
             "minutes",
             "W/GPU");
}

/// What the books say of a simulated run, in its epochs.
void print_run(const ClusterJob& job, const StoredRun& stored) {
  const RunRow row = row_of(stored.manifest, account_of(stored.folder));
  ParallelTraining training{static_cast<double>(job.gpus), 1, 0, 0, 0, 0};
  for (const EpochRow& epoch : row.epochs) {
    training.samples += epoch.samples.value_or(0);
    training.time_s += epoch.duration_s;
    training.energy_j += epoch.energy_j.value_or(0);
  }
  const ScalingRates rates = rates_of(training);
  fmt::print("{:>6} {:>6} {:>7} {:>9.0f} {:>10.4f} {:>9.3f} {:>9.1f} {:>8.1f}\n",
             job.gpus,
             job.local_batch,
             job.global_batch,
             training.samples / static_cast<double>(row.epochs.size()),
             training.energy_j / kJoulesPerKilowattHour,
             rates.device_hours,
             training.time_s / 60,
             rates.power_per_device_w);
}

int simulate_one(ClusterFlags flags, const Store& store) {
  settle_batches(flags);
  for (int repeat = 0; repeat < flags.repeat; ++repeat) {
    ClusterJob job = flags.job;
    job.seed += static_cast<std::uint64_t>(repeat);
    const StoredRun stored =
        store_cluster_run(cluster_run_of(job),
                          {flags.name, {"gradwatt", "simulate", "cluster"}, {}, std::nullopt},
                          store);
    if (repeat == 0) {
      print_heading();
    }
    print_run(job, stored);
    fmt::print(stderr, "{}\n", stored.manifest.run_id);
  }
  return 0;
}

/// The sweeps of a series' name: "published" are those that grow with the GPUs.
std::vector<StudyStep> steps_of_series(const std::string& series) {
  StudyRequest request;
  request.on = "simulated";
  if (series == "published") {
    request.only = {"growing-local", "growing-global", "growing-large"};
  } else if (series != "all") {
    request.only = {series};
  }
  return plan_parallel(request).run;
}

int simulate_series(const std::string& series, const Store& store) {
  for (const StudyStep& step : steps_of_series(series)) {
    const int simulated = simulate_sweep(step.sweep, store);
    fmt::print("{:<34} {} runs simulated\n", step.sweep.name, simulated);
  }
  fmt::print(stderr, "to see them: gradwatt reproduce parallel-training --on simulated\n");
  return 0;
}

}  // namespace

std::function<int()> declare_cluster(CLI::App& cluster) {
  const auto flags = std::make_shared<ClusterFlags>();
  cluster.add_option("--gpus", flags->job.gpus, "GPUs, four to a node [1]")
      ->check(CLI::Range(1, 100'000))
      ->type_name("N");
  cluster.add_option("--local-batch", flags->local_batch, "Samples per GPU and step [256]")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  cluster.add_option("--global-batch", flags->global_batch, "Samples per step of all GPUs")
      ->check(CLI::PositiveNumber)
      ->type_name("N");
  cluster
      .add_option("--dataset",
                  flags->dataset,
                  "constant: all of ImageNet; growing: with the GPUs [constant]")
      ->check(CLI::IsMember({"constant", "growing"}))
      ->type_name("");
  cluster.add_option("--images-per-gpu", flags->images_per_gpu, "With a growing data set [5004]")
      ->check(CLI::Range(1.0, kImagenetImages))
      ->type_name("N");
  cluster.add_option("--epochs", flags->job.epochs, "Epochs [100]")
      ->check(CLI::Range(1, 100'000))
      ->type_name("N");
  cluster.add_option("--repeat", flags->repeat, "Runs [1]")->check(CLI::Range(1, 1000));
  cluster.add_option("--seed", flags->job.seed, "Decides all that is left to chance [1]");
  cluster.add_option("--name", flags->name, "Name of the run [simulated]");
  CLI::Option* const series =
      cluster
          .add_option("--series",
                      flags->series,
                      "Study 2's sweeps instead, as they are: published (the three that grow), "
                      "all, or one such as growing-local")
          ->type_name("NAME");
  for (const char* const of_one_training : {"--gpus",
                                            "--local-batch",
                                            "--global-batch",
                                            "--dataset",
                                            "--images-per-gpu",
                                            "--epochs",
                                            "--repeat",
                                            "--seed",
                                            "--name"}) {
    series->excludes(cluster.get_option(of_one_training));
  }
  cluster.add_option("--store", flags->store, "Folder of the store")->type_name("DIR");
  return [flags] {
    const Store store(flags->store.empty() ? Store::default_root()
                                           : std::filesystem::path(flags->store));
    return flags->series.empty() ? simulate_one(*flags, store)
                                 : simulate_series(flags->series, store);
  };
}

}  // namespace gradwatt
