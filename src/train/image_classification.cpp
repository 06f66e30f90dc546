#include "train/image_classification.h"

#include "base/error.h"
#include "gradwatt/mark.h"
#include "train/compat.h"
#include "train/datasets/catalog.h"
#include "train/models/catalog.h"
#include "train/network.h"
#include "train/tensors.h"
#include "train/trainer.h"
#include "train/training_report.h"

#include <fmt/format.h>
#include <torch/nn/module.h>

namespace gradwatt {
namespace {

void check_device(const std::string& device) {
  if (device == "cuda" && !at::hasCUDA()) {
    throw Error("no CUDA device can be used",
                "--device cuda",
                "take --device cpu, or a libtorch built for CUDA on a machine with its driver");
  }
}

/// How many of `available` images to train on.
std::int64_t training_count(const DataPlan& plan, std::int64_t available) {
  const std::int64_t left = available - plan.val_samples;
  if (left < 1) {
    throw UsageError(
        fmt::format("{} leaves nothing of {} images to train on", plan.val_samples, available),
        "--val-samples");
  }
  if (plan.train_samples.value_or(left) > left) {
    throw UsageError(fmt::format("{} are more than the {} images left after {} for validation",
                                 *plan.train_samples,
                                 left,
                                 plan.val_samples),
                     "--train-samples",
                     fmt::format("take {} or fewer", left));
  }
  return plan.train_samples.value_or(left);
}

void mark_machine(const MachinePlan& machine) {
  gradwatt_param("libtorch", libtorch_version().c_str());
  gradwatt_param("blas", blas_name().c_str());
  gradwatt_param("threads", fmt::format("{}", machine.threads).c_str());
  gradwatt_param("blas_threads", fmt::format("{}", machine.blas_threads).c_str());
  gradwatt_param("device", machine.device.c_str());
}

void score_test_part(Network& network, const ImageData& data, const TrainingPlan& plan) {
  const ResidentImages test(data.test, data.mean, data.deviation, plan.machine.device);
  const Score result = [&] {
    const MarkedPhase phase("test");
    return score(network, test);
  }();
  gradwatt_metric("test_loss", result.loss);
  gradwatt_metric("test_acc", result.accuracy);
  fmt::print("test loss {:.4f}  accuracy {:.4f}  (weights of the best epoch)\n",
             result.loss,
             result.accuracy);
}

}  // namespace

void classify_images(const Workload& workload, const TrainingPlan& plan) {
  check_device(plan.machine.device);
  set_threads(plan.machine.threads, plan.machine.blas_threads);
  mark_machine(plan.machine);

  const Dataset& dataset = dataset_named(workload.dataset);
  const std::filesystem::path chosen = plan.data.folder;
  const ImageData data = dataset.load(chosen.empty() ? dataset.default_folder : chosen);
  const std::int64_t count = training_count(plan.data, data.train.count());
  const Split parts = split(data.train, count, plan.data.val_samples, plan.data.seed);
  const ResidentImages train(parts.train, data.mean, data.deviation, plan.machine.device);
  const ResidentImages validation(parts.validation, data.mean, data.deviation, plan.machine.device);

  seed_weights(plan.loop.seed);
  const std::unique_ptr<Network> network =
      model_named(workload.model).make(parts.train.shape, data.classes);
  network->module().to(at::Device(plan.machine.device));

  const TrainingReport report(workload, plan, count);
  report.begin(parameter_count(*network));
  Trainer trainer(plan.loop, *network, train, validation);
  const TrainingResult result = trainer.run([&](const EpochResult& epoch) { report.epoch(epoch); });
  report.end(result);
  if (plan.test && result.best_epoch) {
    score_test_part(*network, data, plan);
  }
}

}  // namespace gradwatt
