#include "train/forecast_task.h"
#include "train/paradigms/catalog.h"

namespace gradwatt {

Paradigm finetune() {
  Paradigm paradigm;
  paradigm.name = "finetune";
  paradigm.description = "foresee two fields, the second from the first; needs --weights";
  paradigm.monitor = Metric::val_loss;
  paradigm.phase = "finetune";
  paradigm.needs_weights = true;
  paradigm.forecast_steps = 2;
  paradigm.make = forecast_task;
  return paradigm;
}

}  // namespace gradwatt
