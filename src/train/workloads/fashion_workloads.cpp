#include "train/workloads/catalog.h"

namespace gradwatt {

WorkloadFamily fashion_workloads() {
  TrainingPlan plan;
  plan.model = "small-cnn";
  plan.loop.batch = 256;
  plan.loop.max_epochs = 20;
  plan.loop.learning_rate.base = 0.001;
  // The only matrix product is the small last layer: a second pool of threads would only get in
  // the way of the convolutions' pool.
  plan.machine.blas_threads = 1;
  return {"fashion",
          "clothes on small grey images: which of ten kinds, and ten attributes of their looks",
          "fashion-mnist",
          {"classify",
           "joint",
           "pretrain",
           "frozen",
           "unfrozen",
           "identity",
           "attributes",
           "multitask"},
          plan};
}

}  // namespace gradwatt
