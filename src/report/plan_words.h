#pragma once

#include "report/plan_view.h"

#include <string>
#include <vector>

namespace gradwatt {

/// "128 GPUs with 256 samples each".
[[nodiscard]] std::string planned_words(const PlannedSetup& planned);

/// "within 6 h 00 min and 500 kWh"; empty without limits.
[[nodiscard]] std::string limit_words(const PlanRequest& request);

/// "30.2 kWh", "12.1 MJ": in kilowatt-hours from a tenth of one on.
[[nodiscard]] std::string plan_energy_words(double joules);

/// Which setup to take and what to do when none will do, a sentence each.
[[nodiscard]] std::vector<std::string> plan_answer(const PlanView& view);

/// The rules behind times, energies, intervals and accuracy, a sentence each.
[[nodiscard]] std::vector<std::string> plan_rules(const PlanView& view);

/// How many times the samples of a small batch: "×1.25"; "–" where that is not known, and "missed"
/// where no run with such a batch reached the goal.
[[nodiscard]] std::string samples_factor_words(const PlannedSetup& planned);

/// What is not sure about one setup: "×4 beyond the GPUs measured", ... Empty: within them.
[[nodiscard]] std::vector<std::string> planned_risks(const PlannedSetup& planned);

}  // namespace gradwatt
