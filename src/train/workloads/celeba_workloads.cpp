#include "train/workloads/catalog.h"

namespace gradwatt {

WorkloadFamily celeba_workloads() {
  TrainingPlan plan;
  plan.model = "resnet18";
  plan.loop.batch = 64;
  plan.loop.max_epochs = 100;
  plan.loop.learning_rate.base = 0.001;
  plan.loop.stop.patience = 10;
  return {"celeba",
          "photographs of faces: which of the 40 most represented people, and 40 attributes",
          "celeba",
          {"classify",
           "joint",
           "pretrain",
           "frozen",
           "unfrozen",
           "identity",
           "attributes",
           "multitask"},
          plan,
          [](std::string_view paradigm, TrainingPlan& own) {
            // What is pretrained needs a decoder, which resnet18 has not.
            if (paradigm == "pretrain" || paradigm == "frozen" || paradigm == "unfrozen") {
              own.model = "small-cnn";
            }
          }};
}

}  // namespace gradwatt
