#include "train/trainer.h"

#include "base/error.h"
#include "base/expects.h"
#include "data/random_order.h"
#include "gradwatt/mark.h"
#include "train/checkpoint.h"
#include "train/compat.h"
#include "train/epoch_samples.h"
#include "train/parallel/batch_split.h"
#include "train/parallel/comm.h"
#include "train/task_tensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

namespace gradwatt {
namespace {

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::optional<double> if_finite(std::optional<double> value) {
  return value && std::isfinite(*value) ? value : std::nullopt;
}

/// A number that (seed, epoch, step) alone decides.
std::uint64_t step_seed(std::uint64_t seed, int epoch, std::int64_t step) {
  SplitMix64 random(seed ^ 0x5851f42d4c957f2dU);
  const std::uint64_t of_epoch =
      SplitMix64(random.next() + static_cast<std::uint64_t>(epoch)).next();
  return SplitMix64(of_epoch + static_cast<std::uint64_t>(step)).next();
}

void mark_metrics(const EpochResult& result) {
  if (result.train_loss) {
    gradwatt_metric("train_loss", *result.train_loss);
  }
  for (const Scores* scores : {&result.training, &result.validation}) {
    for (const auto& [name, value] : *scores) {
      if (std::isfinite(value)) {
        gradwatt_metric(name.c_str(), value);
      }
    }
  }
  if (result.starved_s) {
    gradwatt_metric("starved_s", *result.starved_s);
  }
  gradwatt_samples(result.samples);
  gradwatt_steps(result.steps);
}

constexpr std::array<std::pair<StopReason, std::string_view>, 4> kReasons{
    {{StopReason::all_epochs, "all epochs"},
     {StopReason::reached, "reached"},
     {StopReason::no_progress, "no progress"},
     {StopReason::diverged, "diverged"}}};

std::string_view text_of(StopReason reason) {
  return std::find_if(
             kReasons.begin(), kReasons.end(), [&](const auto& r) { return r.first == reason; })
      ->second;
}

std::optional<StopReason> reason_named(std::string_view text) {
  for (const auto& [reason, name] : kReasons) {
    if (name == text) {
      return reason;
    }
  }
  return std::nullopt;
}

/// A rank's part of a batch that had no sample for it.
const at::Tensor kNoTensor;
Batch no_samples() { return {kNoTensor, kNoTensor, kNoTensor, 0}; }

/// Samples and time of train phases; the first epoch counts only while it is the only one.
class Throughput {
 public:
  void add(const EpochResult& result) {
    if (epochs_++ == 1) {
      samples_ = 0;
      time_s_ = 0;
    }
    samples_ += result.samples;
    time_s_ += result.train_s;
  }
  [[nodiscard]] double samples_per_s() const {
    return static_cast<double>(samples_) / std::max(time_s_, 1e-9);
  }

 private:
  int epochs_ = 0;
  std::int64_t samples_ = 0;
  double time_s_ = 0;
};

}  // namespace

/// Of the samples that were computed at a time.
struct Trainer::PartLoss {
  at::Tensor mean;
  double samples = 0;
};

Trainer::Trainer(TrainerOptions options, Task& task, Examples& train, Examples& validation)
    : options_(std::move(options)),
      alone_(options_.comm == nullptr ? alone() : nullptr),
      comm_(options_.comm == nullptr ? *alone_ : *options_.comm),
      profile_(options_.profile, options_.device),
      task_(task),
      train_(train),
      validation_(validation),
      parameters_(std::make_unique<FlatParameters>(trained_modules(task), options_.channels_last)),
      sync_(std::make_unique<GradientSync>(*parameters_, comm_, options_.sync)),
      optimizer_(make_optimizer(options_.loop.optimizer, *parameters_)),
      best_(std::make_unique<BestWeights>(task, *parameters_)),
      stopping_(options_.loop.stop) {
  const LoopPlan& loop = options_.loop;
  expects(loop.batch > 0 && loop.max_epochs > 0 && train.count() > 0, "something to train on");
  progress_.micro_batch = loop.micro_batch;
}

Trainer::~Trainer() = default;

TrainingResult Trainer::run(const std::function<void(const EpochResult&)>& report) {
  TrainingResult outcome;
  gradwatt_epochs_total(options_.loop.max_epochs);
  const std::optional<StopReason> ended_before = begin_or_resume();
  outcome.epochs = progress_.epoch;
  outcome.reason = ended_before ? *ended_before : run_epochs(report, outcome);
  if (options_.loop.restore_best) {
    best_->recall();
  }
  outcome.best_epoch = stopping_.memory().best_epoch;
  outcome.best = stopping_.memory().best;
  outcome.micro_batch = progress_.micro_batch;
  return outcome;
}

/// Why the training had ended already; more epochs than it was allowed may be trained now.
std::optional<StopReason> Trainer::begin_or_resume() {
  const CheckpointPlan& plan = options_.checkpoint;
  const bool is_there = !plan.file.empty() && plan.resume && std::filesystem::exists(plan.file);
  const bool first_has_it = broadcast_text(comm_, is_there ? "yes" : "no") == "yes";
  if (first_has_it != is_there) {
    throw Error(fmt::format("rank 0 {} it and rank {} {}",
                            first_has_it ? "has" : "lacks",
                            comm_.rank(),
                            is_there ? "has" : "lacks"),
                plan.file,
                "keep checkpoints in a folder that all nodes share");
  }
  if (!is_there) {
    share_weights();
    return std::nullopt;
  }
  load_checkpoint(
      {task_, *parameters_, *optimizer_, *best_, progress_}, plan.file, options_.settings);
  stopping_.restore(progress_.stopping);
  gradwatt_note(
      fmt::format("resumed in epoch {} after {} steps of it", progress_.epoch, progress_.step)
          .c_str());
  const std::optional<StopReason> reason = reason_named(progress_.ended);
  const bool goes_on =
      reason == StopReason::all_epochs && progress_.epoch < options_.loop.max_epochs;
  progress_.ended.clear();
  return goes_on ? std::nullopt : reason;
}

StopReason Trainer::run_epochs(const std::function<void(const EpochResult&)>& report,
                               TrainingResult& outcome) {
  Throughput throughput;
  std::optional<StopReason> reason;
  while (!reason && progress_.epoch < options_.loop.max_epochs) {
    EpochResult result;
    result.epoch = progress_.epoch;
    gradwatt_epoch_begin(result.epoch);
    {
      const MarkedPhase phase(options_.phase.c_str());
      train_epoch(result);
    }
    if (result.train_loss) {
      share_buffers();
      evaluate(result);
    }
    mark_metrics(result);
    gradwatt_epoch_end(result.epoch);

    throughput.add(result);
    outcome.train_s += result.train_s;
    if (result.starved_s) {
      outcome.starved_s = outcome.starved_s.value_or(0) + *result.starved_s;
    }
    report(result);
    reason = judge(result);
    watch_plateau(result);
    ++progress_.epoch;
    progress_.step = 0;
    progress_.loss_sum = 0;
    if (progress_.epoch == options_.loop.max_epochs && !reason) {
      reason = StopReason::all_epochs;
    }
    progress_.ended = reason ? text_of(*reason) : "";
    save();
  }
  outcome.epochs = progress_.epoch;
  outcome.samples_per_s = throughput.samples_per_s();
  return reason.value_or(StopReason::all_epochs);
}

void Trainer::evaluate(EpochResult& result) {
  const LoopPlan& loop = options_.loop;
  const auto scores_of = [&](Examples& examples) {
    return score(task_, examples, {loop.precision, options_.device, loop.eval_batch}, comm_);
  };
  if (loop.eval_train) {
    const MarkedPhase phase("eval-train");
    for (const auto& [name, value] : scores_of(train_)) {
      // "val_acc" of the training set is "eval_train_acc".
      result.training.emplace_back("eval_train" + name.substr(name.find('_')), value);
    }
  }
  const MarkedPhase phase("eval");
  result.validation = scores_of(validation_);
}

/// The epochs of the warm-up do not count: their rate changes anyway.
void Trainer::watch_plateau(const EpochResult& result) {
  const LearningRate& rate = options_.loop.learning_rate;
  const std::optional<double> loss = score_named(result.validation, "val_loss");
  if (rate.schedule == Schedule::plateau && loss && result.epoch >= rate.warmup_epochs) {
    const double before = progress_.plateau.scale;
    progress_.plateau = after_epoch(rate.plateau, progress_.plateau, *loss);
    if (progress_.plateau.scale != before) {
      gradwatt_note(fmt::format("plateau: the learning rate is {:g} of its peak after epoch {}",
                                progress_.plateau.scale,
                                result.epoch)
                        .c_str());
    }
  }
}

std::optional<StopReason> Trainer::judge(const EpochResult& result) {
  const Metric monitor = options_.loop.stop.monitor;
  const std::optional<double> value = if_finite(
      monitor == Metric::train_loss ? result.train_loss
                                    : score_named(result.validation, metric_name(monitor)));
  if (!result.train_loss || !value) {
    gradwatt_note(
        fmt::format("diverged: the loss of epoch {} is not finite", result.epoch).c_str());
    return StopReason::diverged;
  }
  const EarlyStopping::Verdict verdict = stopping_.judge(result.epoch, *value);
  if (stopping_.is_best() && options_.loop.restore_best) {
    best_->remember();
  }
  progress_.stopping = stopping_.memory();
  switch (verdict) {
    case EarlyStopping::Verdict::reached:
      return StopReason::reached;
    case EarlyStopping::Verdict::no_progress:
      return StopReason::no_progress;
    case EarlyStopping::Verdict::go_on:
      break;
  }
  return std::nullopt;
}

void Trainer::save() {
  if (options_.checkpoint.file.empty()) {
    return;
  }
  const MarkedPhase phase("checkpoint");
  if (comm_.is_first()) {
    save_checkpoint({task_, *parameters_, *optimizer_, *best_, progress_},
                    options_.checkpoint.file,
                    options_.settings);
  }
  comm_.barrier();
}

void Trainer::share_weights() {
  comm_.broadcast(parameters_->values());
  share_buffers();
}

void Trainer::share_buffers() {
  if (comm_.is_alone()) {
    return;
  }
  for (const NamedTensor& buffer : trained_buffers(task_)) {
    comm_.broadcast(buffer.tensor);
  }
}

double Trainer::summed(const at::Tensor& local) {
  const at::Tensor total = at::full({1}, local.item<double>(), at::kDouble);
  comm_.sum(total);
  return total.item<double>();
}

void Trainer::train_epoch(EpochResult& result) {
  const auto begin = std::chrono::steady_clock::now();
  const LoopPlan& loop = options_.loop;
  const std::int64_t count =
      epoch_samples(loop, train_.count(), comm_.world(), !trained_buffers(task_).empty());
  auto order = random_order(train_.count(), loop.seed, static_cast<std::uint64_t>(result.epoch));
  order.resize(static_cast<std::size_t>(count));
  const std::int64_t steps = (count + loop.batch - 1) / loop.batch;
  const std::int64_t done = std::min(progress_.step * loop.batch, count);
  at::Tensor loss_sum = at::zeros({}, parameters_->values().options());
  if (loss_sum.device().type() != at::kMPS) {
    loss_sum = loss_sum.to(at::kDouble);
  }
  loss_sum.fill_(comm_.is_first() ? progress_.loss_sum : 0);

  task_.set_training(true);
  const auto one_step = [&](const Batch& batch) {
    // Dropout draws from here, so that it depends on nothing that came before.
    const auto rank = static_cast<std::uint64_t>(comm_.rank());
    at::manual_seed(step_seed(loop.seed + (rank << 32U), result.epoch, progress_.step));
    step(batch, std::min(loop.batch, count - progress_.step * loop.batch), loss_sum);
    const double position =
        result.epoch + (static_cast<double>(progress_.step) + 0.5) / static_cast<double>(steps);
    result.learning_rate =
        loop.learning_rate.at({.epoch = position,
                               .max_epochs = static_cast<double>(loop.max_epochs),
                               .batch = loop.batch,
                               .plateau = progress_.plateau.scale});
    optimize(result.learning_rate);
    profile_.leave();
    ++progress_.step;
    ++result.steps;
    if (options_.checkpoint.steps > 0 && progress_.step % options_.checkpoint.steps == 0 &&
        progress_.step < steps) {
      progress_.loss_sum = summed(loss_sum);
      loss_sum.fill_(comm_.is_first() ? progress_.loss_sum : 0);
      save();
    }
  };
  const auto rows = rows_of_rank(std::span(order).subspan(static_cast<std::size_t>(done)),
                                 loop.batch,
                                 comm_.rank(),
                                 comm_.world());
  const Pass pass{loop.batch / comm_.world(),
                  step_seed(loop.seed, result.epoch, -1),
                  options_.profile ? &profile_ : nullptr};
  train_.each_batch(rows, pass, one_step);
  profile_.leave();
  if (progress_.step < steps) {
    one_step(no_samples());
  }
  result.train_loss = if_finite(summed(loss_sum) / static_cast<double>(count));
  result.samples = count - done;
  if (const auto starved = train_.starved_s()) {
    result.starved_s = summed(at::scalar_tensor(*starved, at::kDouble)) / comm_.world();
  }
  wait_for_device(options_.device);
  result.profile_s = profile_.take();
  result.train_s = seconds_since(begin);
}

void Trainer::step(const Batch& batch, std::int64_t global_size, at::Tensor& loss_sum) {
  while (true) {
    parameters_->clear_gradients();
    try {
      // Summed after the last one: where memory runs out the step is tried again.
      for (const PartLoss& part : accumulate(batch, global_size)) {
        loss_sum.add_(part.mean, part.samples);
      }
      break;
    } catch (const std::exception& error) {
      if (!reduce_memory(error, batch.size)) {
        throw;
      }
    }
  }
  if (!comm_.is_alone()) {
    profile_.enter("all-reduce");
    sync_->finish();
  }
}

/// Whether the step may be tried again with fewer samples at a time.
bool Trainer::reduce_memory(const std::exception& error, std::int64_t size) {
  const std::int64_t tried =
      progress_.micro_batch > 0 ? std::min(progress_.micro_batch, size) : size;
  if (!is_out_of_memory(error) || tried == 1) {
    return false;
  }
  if (!comm_.is_alone()) {
    // Others may have got some of this step's gradients.
    throw Error(fmt::format("memory ran out with {} samples at a time", tried),
                fmt::format("rank {}", comm_.rank()),
                fmt::format("add --micro-batch {}", (tried + 1) / 2));
  }
  progress_.micro_batch = (tried + 1) / 2;
  gradwatt_note(fmt::format("memory ran out: gradients are accumulated over {} samples at a time",
                            progress_.micro_batch)
                    .c_str());
  return true;
}

void Trainer::optimize(double learning_rate) {
  profile_.enter("step");
  if (options_.loop.precision == Precision::fp16) {
    at::Tensor& gradients = parameters_->gradients();
    gradients.div_(progress_.loss_scale.factor);
    if (!at::isfinite(gradients).all().item<bool>()) {
      progress_.loss_scale.overflow();
      return;
    }
    progress_.loss_scale.good_step();
  }
  optimizer_->step(learning_rate);
}

std::vector<Trainer::PartLoss> Trainer::accumulate(const Batch& batch, std::int64_t global_size) {
  const LoopPlan& loop = options_.loop;
  const std::int64_t share = share_of(global_size, 0, comm_.world()).count;
  std::int64_t at_once = loop.local_batch > 0 ? loop.local_batch : share;
  if (progress_.micro_batch > 0) {
    at_once = std::min(at_once, progress_.micro_batch);
  }
  const int chunks = goes_of(global_size, at_once, comm_.world());
  const double scale = loop.precision == Precision::fp16 ? progress_.loss_scale.factor : 1.0;
  std::vector<PartLoss> losses;
  for (int chunk = 0; chunk < chunks; ++chunk) {
    const Share rows = share_of(batch.size, chunk, chunks);
    if (rows.count == 0) {
      break;
    }
    const auto some = [&](const at::Tensor& all) {
      return all.defined() ? all.narrow(0, rows.first, rows.count) : all;
    };
    const at::Tensor inputs = some(batch.inputs);
    const at::Tensor classes = some(batch.classes);
    const at::Tensor attributes = some(batch.attributes);
    const at::Tensor targets = batch.targets != nullptr ? some(*batch.targets) : at::Tensor();
    profile_.enter("forward");
    const at::Tensor loss = [&] {
      const PrecisionGuard guard(loop.precision, options_.device);
      return task_.loss(
          {inputs, classes, attributes, rows.count, targets.defined() ? &targets : nullptr},
          nullptr);
    }();
    profile_.enter("backward");
    if (rows.first + rows.count == batch.size) {
      sync_->begin_last_backward();
    }
    const double factor =
        scale * static_cast<double>(rows.count) / static_cast<double>(global_size);
    (factor == 1.0 ? loss : loss * factor).backward();
    losses.push_back({loss.detach(), static_cast<double>(rows.count)});
  }
  return losses;
}

void seed_weights(std::uint64_t seed) { at::manual_seed(seed); }

}  // namespace gradwatt
