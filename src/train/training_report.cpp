#include "train/training_report.h"

#include "gradwatt/mark.h"
#include "train/settings_text.h"

#include <fmt/format.h>

#include <cstdio>

namespace gradwatt {
namespace {

template <typename Value>
void mark_param(const char* name, const Value& value) {
  gradwatt_param(name, fmt::format("{}", value).c_str());
}

/// Whole samples a second; three digits where there are fewer than 100: "50213", "0.417".
std::string speed_text(double samples_per_s) {
  return samples_per_s < 100 ? fmt::format("{:.3g}", samples_per_s)
                             : fmt::format("{:.0f}", samples_per_s);
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

std::string epoch_line(const EpochResult& result) {
  std::string line = fmt::format("epoch {:3}", result.epoch);
  if (result.train_loss) {
    line += fmt::format("  train_loss {:.4f}", *result.train_loss);
  } else {
    line += "  train_loss not finite";
  }
  for (const auto& [name, value] : result.training) {
    line += fmt::format("  {} {:.4f}", name, value);
  }
  for (const auto& [name, value] : result.validation) {
    line += fmt::format("  {} {:.4f}", name, value);
  }
  return line + fmt::format("  {} samples/s",
                            speed_text(static_cast<double>(result.samples) / result.train_s));
}

std::string closing_lines(const TrainingResult& result, const StopRule& rule) {
  std::string text = end_of_training(result, rule) + "\n";
  if (result.best && result.best_epoch) {
    text += fmt::format("best {} {:.4f} in epoch {}  ",
                        metric_name(rule.monitor),
                        *result.best,
                        *result.best_epoch);
  }
  return text + fmt::format("training {} samples/s\n", speed_text(result.samples_per_s));
}

std::string profile_line(const EpochResult& result) {
  std::string line = "         ";
  for (const auto& [phase, spent] : result.profile_s) {
    line += fmt::format("  {} {:.2f} s ({:.0f} %)", phase, spent, 100 * spent / result.train_s);
  }
  return line;
}

std::optional<double> input_bound_share(const TrainingResult& result) {
  constexpr double kShareMax = 0.02;
  if (!result.starved_s || result.train_s <= 0) {
    return std::nullopt;
  }
  const double share = *result.starved_s / result.train_s;
  return share > kShareMax ? std::optional(share) : std::nullopt;
}

void TrainingReport::begin(Task& task) const {
  mark_settings(task);
  const LoopPlan& loop = plan_.loop;
  fmt::print(
      "{}: {} ({} parameters, {} of them trained) on {}, {} samples to train on, {} to "
      "validate\n",
      workload_.name,
      plan_.model,
      task.parameter_count(),
      task.trained_parameter_count(),
      workload_.dataset,
      data_.train.count(),
      data_.validation.count());
  fmt::print("batch {}, {}, lr {}, at most {} epochs, {} on {}, threads {}\n",
             loop.batch,
             optimizer_name(loop.optimizer.kind),
             loop.learning_rate.peak(loop.batch),
             loop.max_epochs,
             precision_name(loop.precision),
             plan_.machine.device,
             plan_.machine.threads);
  if (ranks_ > 1) {
    fmt::print("{} ranks, {} samples at a time on each\n", ranks_, loop.local_batch);
  }
  for (const std::string& note : data_.notes) {
    fmt::print("note: {}\n", note);
    gradwatt_note(note.c_str());
  }
  if (loop.batch > data_.train.count()) {
    fmt::print("note: the batch holds more than all {} samples: one step per epoch\n",
               data_.train.count());
    gradwatt_note("batch larger than the training set: one step per epoch");
  }
  std::fflush(stdout);
}

void TrainingReport::mark_settings(Task& task) const {
  each_setting(workload_, plan_, [](std::string_view name, const std::string& value) {
    mark_param(std::string(name).c_str(), value);
  });
  mark_param("lr_peak", plan_.loop.learning_rate.peak(plan_.loop.batch));
  mark_param("max_epochs", plan_.loop.max_epochs);
  mark_param("train_samples", data_.train.count());
  mark_param("val_samples", data_.validation.count());
  mark_param("parameters", task.parameter_count());
  mark_param("trained_parameters", task.trained_parameter_count());
  mark_param("eval_train", plan_.loop.eval_train);
  mark_param("input", plan_.data.mode == InputMode::streamed ? "streamed" : "resident");
}

void TrainingReport::mark_input(const TrainingResult& result) const {
  if (result.micro_batch > 0 && result.micro_batch < plan_.loop.batch) {
    mark_param("micro_batch", result.micro_batch);
    fmt::print("gradients were accumulated over {} samples at a time\n", result.micro_batch);
  }
  if (result.starved_s) {
    mark_param("starved_s", *result.starved_s);
    fmt::print("waited {:.2f} s of {:.2f} s for samples\n", *result.starved_s, result.train_s);
  }
  if (const auto share = input_bound_share(result)) {
    const std::string text = fmt::format(
        "input-bound: {:.0f} % of the training time was spent waiting for samples", 100 * *share);
    gradwatt_note(text.c_str());
    mark_param("input_bound", "true");
    fmt::print("{} (more --workers, --cache, or --input resident)\n", text);
  }
}

void TrainingReport::epoch(const EpochResult& result) const {
  if (!plan_.quiet) {
    fmt::print("{}\n", epoch_line(result));
    if (!result.profile_s.empty()) {
      fmt::print("{}\n", profile_line(result));
    }
    std::fflush(stdout);
  }
}

void TrainingReport::end(const TrainingResult& result) const {
  mark_param("samples_per_s", speed_text(result.samples_per_s));
  mark_input(result);
  fmt::print("{}", closing_lines(result, plan_.loop.stop));
  std::fflush(stdout);
}

}  // namespace gradwatt
