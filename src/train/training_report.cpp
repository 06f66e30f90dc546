#include "train/training_report.h"

#include "gradwatt/mark.h"

#include <fmt/format.h>

#include <cstdio>

namespace gradwatt {
namespace {

template <typename Value>
void mark_param(const char* name, const Value& value) {
  gradwatt_param(name, fmt::format("{}", value).c_str());
}

std::string end_of_training(const TrainingResult& result, const StopRule& rule) {
  const std::string_view metric = metric_name(rule.monitor);
  switch (result.reason) {
    case StopReason::all_epochs:
      return fmt::format("stopped: all {} epochs done", result.epochs);
    case StopReason::reached:
      return fmt::format("stopped: {} reached {} after {} epochs",
                         metric,
                         rule.stop_at.value_or(0),
                         result.epochs);
    case StopReason::no_progress:
      return fmt::format("stopped: no progress of {} in {} epochs, {} epochs in all",
                         metric,
                         rule.patience.value_or(0),
                         result.epochs);
    case StopReason::diverged:
      break;
  }
  return fmt::format("stopped: diverged, the loss of epoch {} is not finite (try a smaller --lr)",
                     result.epochs - 1);
}

}  // namespace

std::string_view optimizer_name(OptimizerKind kind) {
  return kind == OptimizerKind::sgd ? "sgd" : "adam";
}

std::string_view schedule_name(Schedule schedule) {
  switch (schedule) {
    case Schedule::cosine:
      return "cosine";
    case Schedule::step:
      return "step";
    case Schedule::constant:
      break;
  }
  return "constant";
}

std::string epoch_line(const EpochResult& result) {
  std::string line = fmt::format("epoch {:3}", result.epoch);
  if (result.train_loss) {
    line += fmt::format("  train_loss {:.4f}", *result.train_loss);
  } else {
    line += "  train_loss not finite";
  }
  if (result.validation) {
    line += fmt::format(
        "  val_loss {:.4f}  val_acc {:.4f}", result.validation->loss, result.validation->accuracy);
  }
  return line +
         fmt::format("  {:.0f} samples/s", static_cast<double>(result.samples) / result.train_s);
}

std::string closing_lines(const TrainingResult& result, const StopRule& rule) {
  std::string text = end_of_training(result, rule) + "\n";
  if (result.best && result.best_epoch) {
    text += fmt::format("best {} {:.4f} in epoch {}  ",
                        metric_name(rule.monitor),
                        *result.best,
                        *result.best_epoch);
  }
  return text + fmt::format("training {:.0f} samples/s\n", result.samples_per_s);
}

void TrainingReport::begin(std::int64_t parameters) const {
  mark_settings();
  mark_param("parameters", parameters);
  const LoopPlan& loop = plan_.loop;
  fmt::print("{}: {} ({} parameters) on {}, {} images to train on, {} to validate\n",
             workload_.name,
             workload_.model,
             parameters,
             workload_.dataset,
             train_samples_,
             plan_.data.val_samples);
  fmt::print("batch {}, {}, lr {}, at most {} epochs, threads {}\n",
             loop.batch,
             optimizer_name(loop.optimizer.kind),
             loop.learning_rate.base,
             loop.max_epochs,
             plan_.machine.threads);
  if (loop.batch > train_samples_) {
    fmt::print("note: the batch holds more than all {} samples: one step per epoch\n",
               train_samples_);
    gradwatt_note("batch larger than the training set: one step per epoch");
  }
  std::fflush(stdout);
}

void TrainingReport::mark_settings() const {
  const LoopPlan& loop = plan_.loop;
  mark_param("workload", workload_.name);
  mark_param("dataset", workload_.dataset);
  mark_param("model", workload_.model);
  mark_param("train_samples", train_samples_);
  mark_param("val_samples", plan_.data.val_samples);
  mark_param("data_seed", plan_.data.seed);
  mark_param("batch", loop.batch);
  mark_param("lr", loop.learning_rate.base);
  mark_param("schedule", schedule_name(loop.learning_rate.schedule));
  mark_param("warmup_epochs", loop.learning_rate.warmup_epochs);
  mark_param("optimizer", optimizer_name(loop.optimizer.kind));
  if (loop.optimizer.kind == OptimizerKind::sgd) {
    mark_param("momentum", loop.optimizer.momentum);
  }
  mark_param("weight_decay", loop.optimizer.weight_decay);
  mark_param("monitor", metric_name(loop.stop.monitor));
  mark_param("patience", loop.stop.patience.value_or(0));
  mark_param("min_delta", loop.stop.min_delta);
  if (loop.stop.stop_at) {
    mark_param("stop_at", *loop.stop.stop_at);
  }
  mark_param("max_epochs", loop.max_epochs);
  mark_param("seed", loop.seed);
}

void TrainingReport::epoch(const EpochResult& result) const {
  if (!plan_.quiet) {
    fmt::print("{}\n", epoch_line(result));
    std::fflush(stdout);
  }
}

void TrainingReport::end(const TrainingResult& result) const {
  mark_param("samples_per_s", static_cast<std::int64_t>(result.samples_per_s));
  fmt::print("{}", closing_lines(result, plan_.loop.stop));
  std::fflush(stdout);
}

}  // namespace gradwatt
