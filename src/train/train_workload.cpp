#include "train/train_workload.h"

#include "base/error.h"
#include "gradwatt/mark.h"
#include "train/batch_norm_tensors.h"
#include "train/compat.h"
#include "train/datasets/catalog.h"
#include "train/fingerprint.h"
#include "train/models/catalog.h"
#include "train/paradigms/catalog.h"
#include "train/parallel/comm.h"
#include "train/parallel/place.h"
#include "train/settings_text.h"
#include "train/tensors.h"
#include "train/trainer.h"
#include "train/training_report.h"
#include "train/weights.h"

#include <fmt/format.h>
#include <torch/nn/module.h>

#include <filesystem>

namespace gradwatt {
namespace {

void check_checkpoint(const CheckpointPlan& plan) {
  if (plan.resume && plan.file.empty()) {
    throw UsageError("from which file?", "--resume", "add --checkpoint FILE");
  }
  if (plan.steps > 0 && plan.file.empty()) {
    throw UsageError("into which file?", "--checkpoint-steps", "add --checkpoint FILE");
  }
  if (!plan.file.empty() && !plan.resume && std::filesystem::exists(plan.file)) {
    throw UsageError("there is a checkpoint already",
                     plan.file,
                     "add --resume to go on from it, or remove it to start anew");
  }
}

std::string_view kind_of(const Model& model) {
  return model.make_forecaster != nullptr ? "fields" : model.takes_series ? "series" : "images";
}

std::string_view kind_of(const TrainingData& data) {
  return data.forecast ? "fields" : data.shape.is_series() ? "series" : "images";
}

void check_optimizer(const OptimizerSpec& spec) {
  if (spec.nesterov && (spec.kind != OptimizerKind::sgd || spec.momentum == 0)) {
    throw UsageError(
        "only sgd with a momentum has Nesterov's", "--nesterov", "add --optimizer sgd");
  }
}

/// What a paradigm and a model ask of the plan and of the data.
void check_fit(const Workload& workload, const TrainingPlan& plan, const TrainingData& data) {
  const Paradigm& paradigm = paradigm_named(workload.paradigm);
  const Model& model = model_named(plan.model);
  if (paradigm.needs_weights && plan.weights.encoder.empty()) {
    const bool whole = paradigm.forecast_steps > 0;
    throw UsageError(
        fmt::format("{} needs {} before",
                    paradigm.name,
                    whole ? "a forecast that was trained" : "an encoder that was trained"),
        workload.name,
        whole ? "add --weights FILE, from --save-weights of the forecast workload"
              : "add --encoder FILE, from --save-encoder of the pretrain workload");
  }
  if (paradigm.refuses_weights && !plan.weights.encoder.empty()) {
    throw UsageError(fmt::format("{} starts from random weights", paradigm.name),
                     "--encoder",
                     "take the unfrozen workload to go on from weights");
  }
  if (plan.cache_latents && !paradigm.encoder_is_frozen) {
    throw UsageError("only a frozen encoder gives the same features each time",
                     "--cache-latents",
                     "take the frozen workload, or leave the flag out");
  }
  if (kind_of(model) != kind_of(data)) {
    throw UsageError(
        fmt::format("this model takes {}, and the data set has {}", kind_of(model), kind_of(data)),
        fmt::format("--model {}", model.name),
        "gradwatt-train --list shows what each takes");
  }
  if (!plan.machine.channels_last && model.is_channels_last) {
    throw UsageError(fmt::format("{} computes channels last whatever is asked for", model.name),
                     "--channels-last=false",
                     "leave the flag out, or take another model");
  }
  if (plan.label_smoothing > 0 && !paradigm.smooths_labels) {
    throw UsageError(fmt::format("{} does not learn one class alone", paradigm.name),
                     "--label-smoothing",
                     "leave the flag out");
  }
  if (plan.test && data.test.count() == 0) {
    throw UsageError(
        "the data set has no part to test on", "--test", "its validation scores are in each epoch");
  }
}

/// Makes the folders that results go into, so that a training does not fail at its end.
void make_folders_for(const TrainingPlan& plan) {
  for (const std::string& file :
       {plan.weights.save_encoder, plan.weights.save_weights, plan.checkpoint.file}) {
    const std::filesystem::path folder = std::filesystem::path(file).parent_path();
    if (folder.empty()) {
      continue;
    }
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
      throw Error(fmt::format("cannot make the folder: {}", error.message()),
                  folder.string(),
                  "name a file in a folder that can be written");
    }
  }
}

void mark_machine(const MachinePlan& machine) {
  gradwatt_param("libtorch", libtorch_version().c_str());
  gradwatt_param("blas", blas_name().c_str());
  gradwatt_param("threads", fmt::format("{}", machine.threads).c_str());
  gradwatt_param("blas_threads", fmt::format("{}", machine.blas_threads).c_str());
  gradwatt_param("device", machine.device.c_str());
  gradwatt_param("channels_last", machine.channels_last ? "true" : "false");
  gradwatt_param("deterministic", machine.deterministic ? "true" : "false");
}

void mark_ranks(const TrainingPlan& plan, const Place& place, const Comm& comm) {
  gradwatt_param("global_batch", fmt::format("{}", plan.loop.batch).c_str());
  gradwatt_param("ranks", fmt::format("{}", comm.world()).c_str());
  gradwatt_param("launcher", place.launcher.c_str());
  gradwatt_param("comm", comm.name());
}

/// A forecast takes all of its weights from the file, others their encoder.
void start_from(const std::string& file, const Paradigm& paradigm, Task& task) {
  if (paradigm.forecast_steps > 0) {
    std::size_t adopted = 0;
    for (const Part& part : task.parts()) {
      adopted += adopt_weights(part, file).adopted;
    }
    fmt::print("weights: {} tensors from {}\n", adopted, file);
    gradwatt_param("weights", file.c_str());
    return;
  }
  const AdoptedWeights adopted = adopt_weights(task.encoder(), file);
  fmt::print("encoder: {} tensors from {}, {} others in it are not the encoder's\n",
             adopted.adopted,
             file,
             adopted.left_over.size());
  gradwatt_param("encoder", file.c_str());
}

std::unique_ptr<Task> make_task(const Workload& workload,
                                const TrainingPlan& plan,
                                const TrainingData& data) {
  seed_weights(plan.loop.seed);
  const Paradigm& paradigm = paradigm_named(workload.paradigm);
  std::unique_ptr<Task> task = paradigm.make({.model = model_named(plan.model),
                                              .shape = data.shape,
                                              .classes = data.classes,
                                              .attributes = data.attributes,
                                              .alpha = plan.alpha,
                                              .afno = plan.afno,
                                              .forecast = data.forecast ? &*data.forecast : nullptr,
                                              .deviations = &data.deviation,
                                              .label_smoothing = plan.label_smoothing,
                                              .has_top5 = data.has_top5});
  if (!plan.weights.encoder.empty()) {
    start_from(plan.weights.encoder, paradigm, *task);
  }
  for (const Part& part : task->parts()) {
    part.network->module().to(at::Device(plan.machine.device));
    if (!part.trained) {
      for (at::Tensor& parameter : part.network->module().parameters()) {
        parameter.set_requires_grad(false);
      }
    }
  }
  return task;
}

void score_test_part(Task& task, Examples& test, const TrainingPlan& plan, Comm& comm) {
  const Scores result = [&] {
    const MarkedPhase phase("test");
    return score(
        task, test, {plan.loop.precision, plan.machine.device, plan.loop.eval_batch}, comm);
  }();
  std::string line = "test";
  for (const auto& [name, value] : result) {
    // "val_acc" of the test part is "test_acc".
    const std::string own = "test" + name.substr(name.find('_'));
    gradwatt_metric(own.c_str(), value);
    line += fmt::format("  {} {:.4f}", own, value);
  }
  fmt::print("{}  ({} weights)\n", line, plan.loop.restore_best ? "the best epoch's" : "the last");
}

void save_results(const Workload& workload,
                  const TrainingPlan& plan,
                  Task& task,
                  const TrainingResult& result) {
  std::map<std::string, std::string> facts{{"workload", std::string(workload.name)},
                                           {"model", plan.model},
                                           {"epochs", fmt::format("{}", result.epochs)},
                                           {"made_by", "gradwatt-train " GRADWATT_VERSION}};
  if (!plan.weights.save_encoder.empty()) {
    save_encoder(task, plan.weights.save_encoder, facts);
  }
  if (!plan.weights.save_weights.empty()) {
    save_all_weights(task, plan.weights.save_weights, facts);
  }
}

/// The examples that the loop sees: inputs, or what a frozen encoder makes of them.
std::unique_ptr<Examples> examples_for(const TrainingData& data,
                                       const DataPart& part,
                                       const TrainingPlan& plan,
                                       Task& task) {
  auto examples = make_examples(
      data, part, {plan.machine.device, plan.machine.channels_last, plan.data.workers});
  if (!plan.cache_latents) {
    return examples;
  }
  const MarkedPhase phase("encode");
  task.set_training(false);
  return encoded(*examples, *task.encoder().network);
}

}  // namespace

void train_workload(const Workload& workload,
                    const TrainingPlan& asked,
                    const Place& place,
                    Comm& comm) {
  TrainingPlan plan = asked;
  check_optimizer(plan.loop.optimizer);
  if (comm.is_first()) {
    check_checkpoint(plan.checkpoint);
    make_folders_for(plan);
  }
  set_threads(plan.machine.threads, plan.machine.blas_threads);
  if (plan.machine.deterministic) {
    use_deterministic_algorithms();
  }
  mark_machine(plan.machine);
  mark_ranks(plan, place, comm);

  const Dataset& dataset = dataset_named(workload.dataset);
  if (plan.data.folder.empty()) {
    plan.data.folder = dataset.default_folder.string();
  }
  plan.data.era5.steps = paradigm_named(workload.paradigm).forecast_steps;
  const TrainingData data = dataset.load(plan.data);
  check_fit(workload, plan, data);
  plan.data.fingerprint = data_fingerprint(data);
  if (data.forecast) {
    plan.data.era5.patch = data.forecast->patch;
    plan.afno = suited_to(data.shape, plan.afno);
  }
  const std::unique_ptr<Task> task = make_task(workload, plan, data);
  if (!plan.weights.encoder.empty()) {
    plan.weights.fingerprint = file_fingerprint(plan.weights.encoder);
  }
  const auto train = examples_for(data, data.train, plan, *task);
  const auto validation = examples_for(data, data.validation, plan, *task);
  const auto test = plan.test ? examples_for(data, data.test, plan, *task) : nullptr;
  if (plan.cache_latents) {
    task->take_latents();
  }
  if (plan.loop.norms == NormStatistics::synced && !comm.is_alone()) {
    for (const Part& part : task->parts()) {
      synchronise_norms(part.network->module(), &comm);
    }
  }

  const TrainingReport report(workload, plan, data, comm.world());
  report.begin(*task);
  TrainerOptions options{plan.loop,
                         plan.checkpoint,
                         plan.machine.device,
                         paradigm_named(workload.paradigm).phase,
                         plan.machine.channels_last,
                         settings_text(workload, plan),
                         &comm,
                         plan.parallel.sync,
                         plan.profile};
  Trainer trainer(std::move(options), *task, *train, *validation);
  const TrainingResult result = trainer.run([&](const EpochResult& epoch) { report.epoch(epoch); });
  report.end(result);
  if (test && result.best_epoch) {
    score_test_part(*task, *test, plan, comm);
  }
  if (comm.is_first()) {
    save_results(workload, plan, *task, result);
  }
  comm.barrier();
}

}  // namespace gradwatt
