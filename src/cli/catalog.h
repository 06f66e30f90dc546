#pragma once

#include "cli/verb.h"

#include <span>

namespace gradwatt {

// One declaration per verb; the table that shows them is in catalog.cpp.
Verb run_verb();
Verb sweep_verb();
Verb list_verb();
Verb show_verb();
Verb compare_verb();
Verb recommend_verb();
Verb scale_verb();
Verb plan_verb();
Verb breakeven_verb();
Verb freeze_verb();
Verb multitask_verb();
Verb carbon_verb();
Verb search_verb();
Verb reproduce_verb();
Verb calibrate_verb();
Verb import_verb();
Verb doctor_verb();
Verb mark_verb();
Verb sensor_host_verb();
Verb simulate_verb();
Verb data_verb();

/// All verbs, in the order in which help shows them.
[[nodiscard]] std::span<const Verb> verbs();

}  // namespace gradwatt
