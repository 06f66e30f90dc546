#include "train/trainer.h"

#include "base/expects.h"
#include "data/random_order.h"
#include "gradwatt/mark.h"
#include "train/checkpoint.h"
#include "train/compat.h"
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

/// All samples; but one less where an epoch would end with a batch of one, of which a normalisation
/// over the batch can make nothing.
std::int64_t trainable_count(Task& task, std::int64_t count, std::int64_t batch) {
  const bool is_alone = batch > 1 && count > 1 && count % batch == 1;
  return is_alone && !trained_buffers(task).empty() ? count - 1 : count;
}

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

std::optional<double> score_named(const Scores& scores, std::string_view name) {
  for (const auto& [metric, value] : scores) {
    if (metric == name) {
      return value;
    }
  }
  return std::nullopt;
}

Trainer::Trainer(TrainerOptions options, Task& task, Examples& train, Examples& validation)
    : options_(std::move(options)),
      task_(task),
      train_(train),
      validation_(validation),
      parameters_(std::make_unique<FlatParameters>(trained_modules(task), options_.channels_last)),
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
  if (plan.file.empty() || !plan.resume || !std::filesystem::exists(plan.file)) {
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
    return score(task_, examples, loop.precision, options_.device, loop.eval_batch);
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
  save_checkpoint({task_, *parameters_, *optimizer_, *best_, progress_},
                  options_.checkpoint.file,
                  options_.settings);
}

void Trainer::train_epoch(EpochResult& result) {
  const auto begin = std::chrono::steady_clock::now();
  const LoopPlan& loop = options_.loop;
  const std::int64_t count = trainable_count(task_, train_.count(), loop.batch);
  const auto epoch = static_cast<std::uint64_t>(result.epoch);
  auto order = random_order(train_.count(), loop.seed, epoch);
  order.resize(static_cast<std::size_t>(count));
  const std::int64_t steps = (count + loop.batch - 1) / loop.batch;
  const std::int64_t done = std::min(progress_.step * loop.batch, count);
  at::Tensor loss_sum = at::zeros({}, parameters_->values().options());
  if (loss_sum.device().type() != at::kMPS) {
    loss_sum = loss_sum.to(at::kDouble);
  }
  loss_sum.fill_(progress_.loss_sum);

  task_.set_training(true);
  const Pass pass{loop.batch, step_seed(loop.seed, result.epoch, -1)};
  train_.each_batch(
      std::span(order).subspan(static_cast<std::size_t>(done)), pass, [&](const Batch& batch) {
        // Dropout draws from here, so that it depends on nothing that came before.
        at::manual_seed(step_seed(loop.seed, result.epoch, progress_.step));
        const double position =
            result.epoch + (static_cast<double>(progress_.step) + 0.5) / static_cast<double>(steps);
        result.learning_rate =
            loop.learning_rate.at({.epoch = position,
                                   .max_epochs = static_cast<double>(loop.max_epochs),
                                   .batch = loop.batch,
                                   .plateau = progress_.plateau.scale});
        step(batch, result.learning_rate, loss_sum);
        ++progress_.step;
        ++result.steps;
        if (options_.checkpoint.steps > 0 && progress_.step % options_.checkpoint.steps == 0 &&
            progress_.step < steps) {
          progress_.loss_sum = loss_sum.item<double>();
          save();
        }
      });
  result.train_loss = if_finite(loss_sum.item<double>() / static_cast<double>(count));
  result.samples = count - done;
  result.starved_s = train_.starved_s();
  result.train_s = seconds_since(begin);
}

void Trainer::step(const Batch& batch, double learning_rate, at::Tensor& loss_sum) {
  const at::Tensor before = loss_sum.clone();
  while (true) {
    parameters_->clear_gradients();
    try {
      accumulate(batch, loss_sum);
      break;
    } catch (const std::exception& error) {
      const std::int64_t tried =
          progress_.micro_batch > 0 ? std::min(progress_.micro_batch, batch.size) : batch.size;
      if (!is_out_of_memory(error) || tried == 1) {
        throw;
      }
      loss_sum.copy_(before);
      progress_.micro_batch = (tried + 1) / 2;
      gradwatt_note(
          fmt::format("memory ran out: gradients are accumulated over {} samples at a time",
                      progress_.micro_batch)
              .c_str());
    }
  }
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

void Trainer::accumulate(const Batch& batch, at::Tensor& loss_sum) {
  const std::int64_t at_once =
      progress_.micro_batch > 0 ? std::min(progress_.micro_batch, batch.size) : batch.size;
  const double scale =
      options_.loop.precision == Precision::fp16 ? progress_.loss_scale.factor : 1.0;
  for (std::int64_t first = 0; first < batch.size; first += at_once) {
    const std::int64_t size = std::min(at_once, batch.size - first);
    const at::Tensor inputs = batch.inputs.narrow(0, first, size);
    const at::Tensor classes = batch.classes.narrow(0, first, size);
    const at::Tensor attributes =
        batch.attributes.defined() ? batch.attributes.narrow(0, first, size) : at::Tensor();
    const at::Tensor loss = [&] {
      const PrecisionGuard guard(options_.loop.precision, options_.device);
      return task_.loss({inputs, classes, attributes, size}, nullptr);
    }();
    const double factor = scale * static_cast<double>(size) / static_cast<double>(batch.size);
    (factor == 1.0 ? loss : loss * factor).backward();
    loss_sum.add_(loss.detach(), static_cast<double>(size));
  }
}

Scores score(Task& task,
             Examples& examples,
             Precision precision,
             const std::string& device,
             std::int64_t batch) {
  const at::NoGradGuard no_graph;
  task.set_training(false);
  MetricSums sums;
  examples.each_batch(natural_order(examples.count()), {batch, {}}, [&](const Batch& some) {
    const PrecisionGuard guard(precision, device);
    (void)task.loss(some, &sums);
  });
  return sums.means();
}

void seed_weights(std::uint64_t seed) { at::manual_seed(seed); }

}  // namespace gradwatt
