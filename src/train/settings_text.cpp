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

void add_pamap2(const Settings& settings, const Pamap2Options& own) {
  settings.add("window", own.window);
  settings.add("window_step", own.step);
  settings.add("test_step", own.test_step);
  settings.add("gap_max", own.gap_max_s);
  settings.add("with_optional", own.with_optional);
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
  if (own.split == WindowSplit::random) {
    settings.add("val_share", own.validation_share);
  }
  settings.add("validation_subjects", fmt::format("{}", fmt::join(own.validation_subjects, " ")));
  settings.add("test_subjects", fmt::format("{}", fmt::join(own.test_subjects, " ")));
}

void add_data(const Settings& settings, const Workload& workload, const DataPlan& data) {
  settings.add("dataset", workload.dataset);
  if (!data.fingerprint.empty()) {
    settings.add("data_fingerprint", data.fingerprint);
  }
  settings.add("data_seed", data.seed);
  if (data.train_samples) {
    settings.add("train_samples_asked", *data.train_samples);
  }
  if (workload.dataset == "pamap2") {
    add_pamap2(settings, data.pamap2);
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
  if (workload.dataset == "imagenet") {
    settings.add("image_size", data.size);
    settings.add("subset", data.subset);
    settings.add("mirror", data.mirror);
    settings.add("train_crop", data.train_crop == CropKind::drawn ? "random" : "centre");
    settings.add("eval_crop", data.eval_crop == EvalCrop::middle ? "centre" : "train");
  }
  if (workload.dataset == "fashion-mnist") {
    settings.add("val_samples_asked", data.val_samples);
  }
}

void add_rate(const Settings& settings, const LearningRate& rate) {
  settings.add("lr", rate.base);
  if (rate.for_batch > 0) {
    settings.add("lr_batch", rate.for_batch);
  }
  settings.add("schedule", schedule_name(rate.schedule));
  settings.add("warmup_epochs", rate.warmup_epochs);
  if (rate.warmup_epochs > 0 && rate.warmup != WarmUp::ramp) {
    settings.add("warmup_steps", rate.warmup == WarmUp::gradual ? "gradual" : "per-epoch");
  }
  if (rate.schedule == Schedule::step) {
    settings.add("step_epochs", rate.step_epochs);
  }
  if (rate.schedule == Schedule::step || rate.schedule == Schedule::milestones) {
    settings.add("step_factor", rate.step_factor);
  }
  if (rate.schedule == Schedule::milestones) {
    settings.add("milestones", fmt::format("{}", fmt::join(rate.milestones, " ")));
  }
  if (rate.schedule == Schedule::poly) {
    settings.add("poly_power", rate.poly_power);
    settings.add("end_lr", rate.end);
  }
  if (rate.schedule == Schedule::plateau) {
    settings.add("plateau_factor", rate.plateau.factor);
    settings.add("plateau_patience", rate.plateau.patience);
    settings.add("plateau_threshold", rate.plateau.threshold);
  }
}

/// Whether the rate depends on how many epochs there are in all.
bool looks_ahead(Schedule schedule) {
  return schedule == Schedule::cosine || schedule == Schedule::milestones ||
         schedule == Schedule::poly;
}

void add_loop(const Settings& settings, const LoopPlan& loop) {
  settings.add("batch", loop.batch);
  settings.add("local_batch", loop.local_batch);
  settings.add("last_batch", loop.last_batch == LastBatch::keep ? "keep" : "truncate");
  settings.add("norms", loop.norms == NormStatistics::local ? "local" : "synced");
  add_rate(settings, loop.learning_rate);
  settings.add("optimizer", optimizer_name(loop.optimizer.kind));
  if (loop.optimizer.kind != OptimizerKind::adam) {
    settings.add("momentum", loop.optimizer.momentum);
  }
  if (loop.optimizer.kind == OptimizerKind::lars) {
    settings.add("trust", loop.optimizer.trust);
  }
  if (loop.optimizer.nesterov) {
    settings.add("nesterov", true);
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
  switch (kind) {
    case OptimizerKind::sgd:
      return "sgd";
    case OptimizerKind::lars:
      return "lars";
    case OptimizerKind::adam:
      break;
  }
  return "adam";
}

std::string_view schedule_name(Schedule schedule) {
  switch (schedule) {
    case Schedule::cosine:
      return "cosine";
    case Schedule::step:
      return "step";
    case Schedule::milestones:
      return "milestones";
    case Schedule::poly:
      return "poly";
    case Schedule::plateau:
      return "plateau";
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
  if (!plan.weights.fingerprint.empty()) {
    settings.add("weights_fingerprint", plan.weights.fingerprint);
  }
  settings.add("cache_latents", plan.cache_latents);
  if (plan.label_smoothing > 0) {
    settings.add("label_smoothing", plan.label_smoothing);
  }
}

std::string settings_text(const Workload& workload, const TrainingPlan& plan) {
  std::string text;
  each_setting(workload, plan, [&](std::string_view name, const std::string& value) {
    text += fmt::format("{}={}\n", name, value);
  });
  if (looks_ahead(plan.loop.learning_rate.schedule)) {
    text += fmt::format("max_epochs={}\n", plan.loop.max_epochs);
  }
  return text;
}

}  // namespace gradwatt
