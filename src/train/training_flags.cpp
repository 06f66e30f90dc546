#include "train/training_flags.h"

#include "train/flag_adder.h"
#include "train/photograph_flags.h"
#include "train/schedule_flags.h"

#include <algorithm>
#include <array>

namespace gradwatt {
namespace {

constexpr const char* kData = "Data";
constexpr const char* kTraining = "Training";
constexpr const char* kParallel = "Ranks and batches";
constexpr const char* kWeights = "Networks and files";
constexpr const char* kStopping = "Early stopping";
constexpr const char* kMachine = "Machine and output";

void add_data_flags(const FlagAdder& flags, DataPlan& plan) {
  flags.add("--data", plan.folder, "folder with the data set's files", kData)->type_name("DIR");
  flags.app
      .add_option_function<std::int64_t>(
          "--train-samples",
          [&plan](const std::int64_t& count) { plan.train_samples = count; },
          "how many samples to train on; a smaller choice is part of a larger one")
      ->check(number_above_zero)
      ->group(kData);
  flags
      .add("--val-samples",
           plan.val_samples,
           "images to validate on (fashion), at most so many samples (era5)",
           kData)
      ->check(number_above_zero);
  flags.add("--data-seed", plan.seed, "seed of the choice and split of samples", kData)
      ->check(number_from_zero);
  flags.choice("--input",
               plan.mode,
               {{"resident", InputMode::resident}, {"streamed", InputMode::streamed}},
               {"inputs read once, or by threads in every epoch", kData});
  flags.add("--workers", plan.workers, "threads that read and decode", kData)
      ->check(number_above_zero);
  flags.add("--cache", plan.cache, "folder that keeps decoded inputs for later runs", kData)
      ->type_name("DIR");
  flags.add("--size", plan.size, "height and width of photographs", kData)
      ->check(CLI::Range(8, 1024));
  flags.add("--identities", plan.identities, "people: the most represented ones", kData)
      ->check(CLI::Range(2, 255));
  flags.choice("--damaged",
               plan.damaged,
               {{"refuse", DamagedFiles::refuse}, {"skip", DamagedFiles::skip}},
               {"photographs that cannot be decoded", kData});
  flags.add("--mirror", plan.mirror, "flip training photographs by chance: true or false", kData);
}

void add_era5_flags(const FlagAdder& flags, TrainingPlan& plan) {
  flags.add("--channels", plan.data.era5.channels, "names or numbers, u10,z500 (era5)", kData)
      ->delimiter(',');
  flags.add("--patch", plan.data.era5.patch, "points on a patch's side; 0: by the grid", kWeights)
      ->check(number_from_zero);
  flags.add("--width", plan.afno.width, "numbers of an afno's token; 0: by the grid", kWeights)
      ->check(number_from_zero);
  flags.add("--depth", plan.afno.depth, "blocks of an afno in a row; 0: by the grid", kWeights)
      ->check(number_from_zero);
  flags.add("--afno-blocks", plan.afno.blocks, "blocks of its filters' matrices; 0: 8", kWeights)
      ->check(number_from_zero);
}

void add_window_flags(const FlagAdder& flags, Pamap2Options& plan) {
  flags.add("--window", plan.window, "readings in a window", kData)->check(CLI::Range(8, 100000));
  flags.add("--step", plan.step, "readings between the starts of two windows", kData)
      ->check(number_above_zero);
  flags.add("--test-step", plan.test_step, "the same for the test part; 0: as --step", kData)
      ->check(number_from_zero);
  flags.add("--keep-every", plan.keep_every, "one of so many readings of 100 Hz is kept", kData)
      ->check(number_above_zero);
  flags.add("--activities", plan.activities, "numbers of the activities, 1,2,3", kData)
      ->delimiter(',');
  flags.add("--acc16", plan.acc16, "use the accelerometers of 16 g", kData);
  flags.add("--acc6", plan.acc6, "use the accelerometers of 6 g", kData);
  flags.add("--gyro", plan.gyro, "use the gyroscopes", kData);
  flags.add("--magnetometer", plan.magnetometer, "use the magnetometers", kData);
  flags.add("--heart-rate", plan.heart_rate, "use the heart rate", kData);
  flags.add("--temperature", plan.temperature, "use the temperatures", kData);
  flags.app.add_flag("--with-optional", plan.with_optional, "use the recordings in Optional/ too")
      ->group(kData);
  flags.choice("--window-label",
               plan.label,
               {{"mode", WindowLabel::mode}, {"last", WindowLabel::last}},
               {"a window is what most, or the last, of its readings are", kData});
  flags.choice("--window-split",
               plan.split,
               {{"subjects", WindowSplit::subjects}, {"random", WindowSplit::random}},
               {"validate on people of their own, or on windows of all", kData});
  flags.add("--val-subjects", plan.validation_subjects, "people to validate on", kData)
      ->delimiter(',');
  flags.add("--test-subjects", plan.test_subjects, "people to test on", kData)->delimiter(',');
  flags.add("--val-share", plan.validation_share, "share of windows of a random split", kData)
      ->check(number_below_one);
  flags.add("--gap-max", plan.gap_max_s, "longer gaps are not bridged, seconds", kData)
      ->check(number_from_zero);
}

void add_training_flags(const FlagAdder& flags, LoopPlan& plan) {
  flags
      .add("--micro-batch", plan.micro_batch, "samples at a time; 0: what memory holds", kTraining)
      ->check(number_from_zero);
  flags.choice("--precision",
               plan.precision,
               {{"fp32", Precision::fp32}, {"bf16", Precision::bf16}, {"fp16", Precision::fp16}},
               {"of the layers that profit", kTraining});
  flags.add("--max-epochs,--epochs", plan.max_epochs, "epochs at most", kTraining)
      ->check(number_above_zero);
  add_optimizer_flags(flags, plan.optimizer, kTraining);
  add_schedule_flags(flags, plan.learning_rate, kTraining);
  flags.add("--eval-batch", plan.eval_batch, "samples at a time in an evaluation", kTraining)
      ->check(number_above_zero);
  flags.app
      .add_flag("--eval-train",
                plan.eval_train,
                "after each epoch evaluate the training set too, as a phase of its own")
      ->group(kTraining);
  flags.add("--seed", plan.seed, "seed of weights, batches and dropout", kTraining)
      ->check(number_from_zero);
}

void take_count(const FlagAdder& flags,
                const char* names,
                std::optional<std::int64_t>& value,
                std::string text) {
  flags.app
      .add_option_function<std::int64_t>(
          names, [&value](const std::int64_t& count) { value = count; }, std::move(text))
      ->check(number_above_zero)
      ->group(kParallel);
}

void add_parallel_flags(const FlagAdder& flags, TrainingPlan& plan) {
  ParallelPlan& parallel = plan.parallel;
  flags
      .add("--ranks",
           parallel.ranks,
           "processes that train together, started here unless a launcher has; 0: the launcher's",
           kParallel)
      ->check(CLI::Range(0, 4096));
  flags.app.add_flag("--alone", parallel.alone, "no other ranks, whatever a launcher says")
      ->group(kParallel);
  take_count(flags,
             "--batch,--batch-size,--global-batch",
             parallel.global_batch,
             fmt::format("samples per optimizer step, over all ranks [{}]", plan.loop.batch));
  take_count(flags,
             "--local-batch",
             parallel.local_batch,
             "samples a rank computes at once; gradients are accumulated to the global batch");
  flags.choice("--last-batch",
               plan.loop.last_batch,
               {{"keep", LastBatch::keep}, {"truncate", LastBatch::truncate}},
               {"all samples, or the same number for each rank", kParallel});
  flags.choice("--norms",
               plan.loop.norms,
               {{"local", NormStatistics::local}, {"synced", NormStatistics::synced}},
               {"batch normalisation over a rank's samples or all ranks'", kParallel});
  flags.choice("--comm",
               parallel.comm,
               {{"auto", CommKind::automatic}, {"gloo", CommKind::gloo}, {"nccl", CommKind::nccl}},
               {"what sums gradients: nccl for cuda, else gloo", kParallel});
  flags.add(
      "--overlap", parallel.sync.overlap, "sum gradients during the backward pass", kParallel);
  flags.add("--bucket-bytes", parallel.sync.bucket_bytes, "gradients to sum at a time", kParallel)
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 40));
  flags.add("--rank-timeout", parallel.timeout_s, "seconds until a silent rank is lost", kParallel)
      ->check(CLI::Range(1, 86400));
}

void add_weights_flags(const FlagAdder& flags, TrainingPlan& plan) {
  flags.add("--model", plan.model, "network; see --list", kWeights)->type_name("NAME");
  flags
      .add("--encoder,--weights",
           plan.weights.encoder,
           "start the encoder, or a forecast, from this",
           kWeights)
      ->type_name("FILE");
  flags.add("--save-encoder", plan.weights.save_encoder, "write the encoder at the end", kWeights)
      ->type_name("FILE");
  flags.add("--save-weights", plan.weights.save_weights, "write all weights at the end", kWeights)
      ->type_name("FILE");
  flags.add("--alpha", plan.alpha, "multitask: the identity's share of the loss", kWeights)
      ->check(CLI::Range(0.0, 1.0));
  flags
      .add("--label-smoothing",
           plan.label_smoothing,
           "share of a label that all classes get",
           kWeights)
      ->check(number_below_one);
  flags.app
      .add_flag(
          "--cache-latents", plan.cache_latents, "frozen: encode everything once, at the start")
      ->group(kWeights);
  flags.add("--checkpoint", plan.checkpoint.file, "save all state after each epoch", kWeights)
      ->type_name("FILE");
  flags.add("--checkpoint-steps", plan.checkpoint.steps, "save also after so many steps", kWeights)
      ->check(number_from_zero);
  flags.app
      .add_flag("--resume", plan.checkpoint.resume, "go on from the checkpoint when it is there")
      ->group(kWeights);
}

void add_stopping_flags(const FlagAdder& flags, StopRule& rule) {
  flags.choice("--monitor",
               rule.monitor,
               {{"val_acc", Metric::val_acc},
                {"val_loss", Metric::val_loss},
                {"train_loss", Metric::train_loss}},
               {"metric that decides", kStopping});
  flags.app
      .add_option_function<int>(
          "--patience",
          [&rule](const int& epochs) {
            rule.patience = epochs > 0 ? std::optional(epochs) : std::nullopt;
          },
          fmt::format("epochs without progress until the end; 0: never [{}]",
                      rule.patience.value_or(0)))
      ->check(number_from_zero)
      ->group(kStopping);
  flags.add("--min-delta", rule.min_delta, "a smaller change is no progress", kStopping)
      ->check(number_from_zero);
  flags.app
      .add_option_function<double>(
          "--stop-at",
          [&rule](const double& value) { rule.stop_at = value; },
          "end as soon as the metric is this good")
      ->check(number_from_zero)
      ->group(kStopping);
}

void add_machine_flags(const FlagAdder& flags, TrainingPlan& plan) {
  flags.add("--threads", plan.machine.threads, "threads of libtorch", kMachine)
      ->check(number_above_zero);
  flags.add("--blas-threads", plan.machine.blas_threads, "threads of matrix products", kMachine)
      ->check(number_above_zero);
  flags.choice(
      "--device",
      plan.machine.device,
      {{"cpu", std::string("cpu")}, {"cuda", std::string("cuda")}, {"mps", std::string("mps")}},
      {"where to compute", kMachine});
  flags.add("--channels-last", plan.machine.channels_last, "layout of images in memory", kMachine);
  flags.app
      .add_flag("--deterministic",
                plan.machine.deterministic,
                "only algorithms that give the same bits each time")
      ->group(kMachine);
  flags.app.add_flag("--test", plan.test, "score the test part at the end")->group(kMachine);
  flags.app.add_flag("--profile", plan.profile, "mark the phases of each step")->group(kMachine);
  flags.app.add_flag("--quiet", plan.quiet, "no line per epoch")->group(kMachine);
}

}  // namespace

void add_training_plan_flags(CLI::App& app, TrainingPlan& plan) {
  const FlagAdder flags{app};
  add_data_flags(flags, plan.data);
  add_photograph_flags(flags, plan.data, kData);
  add_window_flags(flags, plan.data.pamap2);
  add_era5_flags(flags, plan);
  add_training_flags(flags, plan.loop);
  add_parallel_flags(flags, plan);
  add_weights_flags(flags, plan);
  add_stopping_flags(flags, plan.loop.stop);
  flags.add("--restore-best", plan.loop.restore_best, "end with the best weights", kStopping);
  add_machine_flags(flags, plan);
}

std::span<const std::string_view> flag_groups() {
  static constexpr std::array<std::string_view, 6> kGroups{
      kData, kTraining, kParallel, kWeights, kStopping, kMachine};
  return kGroups;
}

}  // namespace gradwatt
