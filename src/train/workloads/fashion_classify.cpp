#include "train/image_classification.h"
#include "train/workloads/catalog.h"

namespace gradwatt {
namespace {

TrainingPlan fashion_defaults() {
  TrainingPlan plan;
  plan.loop.batch = 256;
  plan.loop.max_epochs = 20;
  plan.loop.learning_rate.base = 0.001;
  // The only matrix product is the small last layer: a second pool of threads would only get in
  // the way of the convolutions' pool.
  plan.machine.blas_threads = 1;
  return plan;
}

}  // namespace

Workload fashion_classify() {
  return {"fashion-classify",
          "which of ten kinds of clothing a small grey image shows",
          "fashion-mnist",
          "small-cnn",
          fashion_defaults(),
          classify_images};
}

}  // namespace gradwatt
