#include "train/class_task.h"
#include "train/paradigms/catalog.h"

namespace gradwatt {

Paradigm frozen() {
  Paradigm paradigm;
  paradigm.name = "frozen";
  paradigm.description = "a classifier on an encoder that was trained before and does not change";
  paradigm.needs_weights = true;
  paradigm.encoder_is_frozen = true;
  paradigm.smooths_labels = true;
  paradigm.make = [](const TaskSpec& spec) { return class_task(spec, true); };
  return paradigm;
}

}  // namespace gradwatt
