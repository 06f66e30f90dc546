#include "train/settings_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace gradwatt {
namespace {

using Take = std::function<void(std::string_view, const std::string&)>;

struct Settings {
  const Take& take;

  template <typename Value>
  void add(std::string_view name, const Value& value) const {
    take(name, fmt::format("{}", value));
  }
};

void add_data(const Settings& settings, const Workload& workload, const DataPlan& data) {
  settings.add("dataset", workload.dataset);
  settings.add("data_seed", data.seed);
  if (data.train_samples) {
    settings.add("train_samples_asked", *data.train_samples);
  }
  if (workload.dataset == "pamap2") {
    const Pamap2Options& own = data.pamap2;
    settings.add("window", own.window);
    settings.add("window_step", own.step);
    settings.add("keep_every", own.keep_every);
    settings.add("activities", fmt::format("{}", fmt::join(own.activities, " ")));
    settings.add("sensors",
                 fmt::format("{}{}{}{}{}{}",
                             own.acc16 ? "acc16 " : "",
                             own.acc6 ? "acc6 " : "",
                             own.gyro ? "gyro " : "",
                             own.magnetometer ? "magnetometer " : "",
                             own.heart_rate ? "heart-rate " : "",
                             own.temperature ? "temperature" : ""));
    settings.add("window_split", own.split == WindowSplit::subjects ? "subjects" : "random");
    settings.add("window_label", own.label == WindowLabel::mode ? "mode" : "last");
    settings.add("validation_subjects", fmt::format("{}", fmt::join(own.validation_subjects, " ")));
    settings.add("test_subjects", fmt::format("{}", fmt::join(own.test_subjects, " ")));
  }
  if (workload.dataset == "celeba") {
    settings.add("image_size", data.size);
    settings.add("identities", data.identities);
    settings.add("mirror", data.mirror);
    settings.add("damaged", data.damaged == DamagedFiles::skip ? "skip" : "refuse");
  }
  if (workload.dataset == "era5") {
    settings.add("channels",
                 data.era5.channels.empty()
                     ? "usual"
                     : fmt::format("{}", fmt::join(data.era5.channels, " ")));
    settings.add("patch", data.era5.patch);
    settings.add("val_samples_asked", data.val_samples);
  }
  if (workload.dataset == "fashion-mnist") {
    settings.add("val_samples_asked", data.val_samples);
  }
}

void add_loop(const Settings& settings, const LoopPlan& loop) {
  settings.add("batch", loop.batch);
  settings.add("local_batch", loop.local_batch);
  settings.add("last_batch", loop.last_batch == LastBatch::keep ? "keep" : "truncate");
  settings.add("norms", loop.norms == NormStatistics::local ? "local" : "synced");
  settings.add("lr", loop.learning_rate.base);
  settings.add("schedule", schedule_name(loop.learning_rate.schedule));
  settings.add("warmup_epochs", loop.learning_rate.warmup_epochs);
  if (loop.learning_rate.schedule == Schedule::step) {
    settings.add("step_epochs", loop.learning_rate.step_epochs);
    settings.add("step_factor", loop.learning_rate.step_factor);
  }
  settings.add("optimizer", optimizer_name(loop.optimizer.kind));
  if (loop.optimizer.kind == OptimizerKind::sgd) {
    settings.add("momentum", loop.optimizer.momentum);
  }
  settings.add("weight_decay", loop.optimizer.weight_decay);
  settings.add("seed", loop.seed);
  settings.add("precision", precision_name(loop.precision));
  settings.add("restore_best", loop.restore_best);
  settings.add("monitor", metric_name(loop.stop.monitor));
  settings.add("patience", loop.stop.patience.value_or(0));
  settings.add("min_delta", loop.stop.min_delta);
  if (loop.stop.stop_at) {
    settings.add("stop_at", *loop.stop.stop_at);
  }
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

void each_setting(const Workload& workload, const TrainingPlan& plan, const Take& take) {
  const Settings settings{take};
  settings.add("workload", workload.name);
  settings.add("paradigm", workload.paradigm);
  settings.add("model", plan.model);
  add_data(settings, workload, plan.data);
  add_loop(settings, plan.loop);
  if (workload.paradigm == "multitask") {
    settings.add("alpha", plan.alpha);
  }
  if (workload.dataset == "era5") {
    settings.add("width", plan.afno.width);
    settings.add("depth", plan.afno.depth);
    settings.add("afno_blocks", plan.afno.blocks);
  }
  settings.add("cache_latents", plan.cache_latents);
}

std::string settings_text(const Workload& workload, const TrainingPlan& plan) {
  std::string text;
  each_setting(workload, plan, [&](std::string_view name, const std::string& value) {
    text += fmt::format("{}={}\n", name, value);
  });
  if (plan.loop.learning_rate.schedule == Schedule::cosine) {
    text += fmt::format("max_epochs={}\n", plan.loop.max_epochs);
  }
  return text;
}

}  // namespace gradwatt
