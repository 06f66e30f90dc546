#include "train/class_task.h"
#include "train/paradigms/catalog.h"

namespace gradwatt {

Paradigm identity() {
  Paradigm paradigm;
  paradigm.name = "identity";
  paradigm.description = "the identity alone: one of the two single tasks of multitask";
  paradigm.needs_attributes = true;
  paradigm.smooths_labels = true;
  paradigm.make = [](const TaskSpec& spec) { return class_task(spec, false); };
  return paradigm;
}

}  // namespace gradwatt
