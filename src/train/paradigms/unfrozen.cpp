#include "train/class_task.h"
#include "train/paradigms/catalog.h"

namespace gradwatt {

Paradigm unfrozen() {
  Paradigm paradigm;
  paradigm.name = "unfrozen";
  paradigm.description = "a classifier on an encoder that was trained before and goes on learning";
  paradigm.needs_weights = true;
  paradigm.smooths_labels = true;
  paradigm.make = [](const TaskSpec& spec) { return class_task(spec, false); };
  return paradigm;
}

}  // namespace gradwatt
