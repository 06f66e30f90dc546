#include "train/class_task.h"
#include "train/paradigms/catalog.h"

namespace gradwatt {

Paradigm classify() {
  Paradigm paradigm;
  paradigm.name = "classify";
  paradigm.description = "name the class; from random weights, or from --encoder";
  paradigm.smooths_labels = true;
  paradigm.make = [](const TaskSpec& spec) { return class_task(spec, false); };
  return paradigm;
}

}  // namespace gradwatt
