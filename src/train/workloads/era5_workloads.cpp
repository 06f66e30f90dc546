#include "train/workloads/catalog.h"

namespace gradwatt {

WorkloadFamily era5_workloads() {
  // FourCastNet's own settings, but for --val-samples: it validates on 20 batches.
  TrainingPlan plan;
  plan.model = "afno";
  plan.data.mode = InputMode::streamed;
  plan.loop.batch = 64;
  plan.loop.max_epochs = 150;
  plan.loop.learning_rate.base = 5e-4;
  plan.loop.learning_rate.schedule = Schedule::cosine;
  plan.loop.stop.monitor = Metric::val_loss;
  plan.loop.stop.patience.reset();
  // Nothing but the patches is a convolution, and the filters' weights have four dimensions, too.
  plan.machine.channels_last = false;
  return {"era5",
          "the weather six hours later, and the one after that",
          "era5",
          {"forecast", "finetune"},
          plan,
          [](std::string_view paradigm, TrainingPlan& own) {
            if (paradigm == "finetune") {
              own.loop.max_epochs = 50;
              own.loop.learning_rate.base = 1e-4;
            }
          }};
}

}  // namespace gradwatt
