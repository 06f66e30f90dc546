#include "train/workloads/catalog.h"

namespace gradwatt {

WorkloadFamily pamap2_workloads() {
  TrainingPlan plan;
  plan.model = "har-cnn";
  plan.loop.batch = 256;
  plan.loop.max_epochs = 100;
  plan.loop.learning_rate.base = 0.001;
  plan.loop.stop.patience = 10;
  plan.machine.blas_threads = 1;
  return {"pamap2",
          "body-worn motion sensors: which of twelve activities",
          "pamap2",
          {"classify", "joint", "pretrain", "frozen", "unfrozen"},
          plan};
}

}  // namespace gradwatt
