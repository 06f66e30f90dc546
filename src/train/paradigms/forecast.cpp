#include "train/forecast_task.h"
#include "train/paradigms/catalog.h"

namespace gradwatt {

Paradigm forecast() {
  Paradigm paradigm;
  paradigm.name = "forecast";
  paradigm.description = "foresee the next field; its weights serve finetune";
  paradigm.monitor = Metric::val_loss;
  paradigm.forecast_steps = 1;
  paradigm.make = forecast_task;
  return paradigm;
}

}  // namespace gradwatt
