#include "train/class_task.h"
#include "train/paradigms/catalog.h"

namespace gradwatt {

Paradigm joint() {
  Paradigm paradigm;
  paradigm.name = "joint";
  paradigm.description = "encoder and classifier together, from random weights";
  paradigm.refuses_weights = true;
  paradigm.smooths_labels = true;
  paradigm.make = [](const TaskSpec& spec) { return class_task(spec, false); };
  return paradigm;
}

}  // namespace gradwatt
