#include "train/workloads/catalog.h"

namespace gradwatt {

// The recipe of study 2, "Energy Consumption in Parallel Neural Network Training"; docs/imagenet.md
// says where it differs from what is usual.
WorkloadFamily imagenet_workloads() {
  TrainingPlan plan;
  plan.model = "resnet50";
  plan.data.mode = InputMode::streamed;
  plan.loop.batch = 256;
  plan.loop.eval_batch = 256;
  plan.loop.max_epochs = 100;
  plan.loop.optimizer = {.kind = OptimizerKind::sgd, .momentum = 0.9, .weight_decay = 1e-4};
  plan.loop.learning_rate.base = 0.1;
  plan.loop.learning_rate.for_batch = 256;
  plan.loop.learning_rate.warmup_epochs = 5;
  plan.loop.learning_rate.warmup = WarmUp::per_epoch;
  plan.loop.learning_rate.schedule = Schedule::plateau;
  plan.loop.stop.patience.reset();
  plan.loop.restore_best = false;
  return {"imagenet", "photographs: which of 1000 kinds of things", "imagenet", {"classify"}, plan};
}

}  // namespace gradwatt
