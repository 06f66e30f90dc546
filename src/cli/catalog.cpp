#include "cli/catalog.h"

#include <array>

namespace gradwatt {

std::span<const Verb> verbs() {
  static const std::array kVerbs{
      run_verb(),       sweep_verb(),  list_verb(),   show_verb(),        compare_verb(),
      recommend_verb(), scale_verb(),  plan_verb(),   breakeven_verb(),   freeze_verb(),
      multitask_verb(), carbon_verb(), search_verb(), reproduce_verb(),   calibrate_verb(),
      import_verb(),    doctor_verb(), mark_verb(),   sensor_host_verb(), simulate_verb(),
      data_verb(),
  };
  return kVerbs;
}

}  // namespace gradwatt
