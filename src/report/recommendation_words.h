#pragma once

#include "report/recommendation_view.h"

#include <string>

namespace gradwatt {

/// "batch 1024, lr 1e-3"; "the only setup" when nothing varies.
[[nodiscard]] std::string setup_words(const Grid& grid, std::size_t setup);

/// "val_acc ≥ 0.85"; "val_acc ≥ 0.912 (within 0.01 of the best)". Takes a grid that has a goal.
[[nodiscard]] std::string goal_words(const Grid& grid);

/// "×0.41", "×12.3".
[[nodiscard]] std::string factor_words(double factor);

/// What is made small: "38.4 kJ", "12 min 05 s" or "1.3e+06 J s".
[[nodiscard]] std::string cost_words(const Grid& grid, double cost);

/// Of what: "energy per epoch", "time to the goal", "energy times time of a run".
[[nodiscard]] std::string objective_words(const Grid& grid, Objective objective);

/// What saving it is called: "energy", "time" or "energy times time".
[[nodiscard]] const char* minimised_words(const Grid& grid);

/// A saving as the change it makes: "−62 %", with an interval "−62 % [−70, −51]".
[[nodiscard]] std::string change_words(double saving, const std::optional<Interval>& interval);

/// What a level above D says of a saving: "likely saves energy per epoch".
[[nodiscard]] std::string saves_words(Evidence evidence, const std::string& what);

/// How strong a sentence the evidence carries: "likely saves energy", "looked cheaper once",
/// "is not shown to be cheaper", "looked dearer once", ...
[[nodiscard]] std::string verb_words(const Grid& grid, const SetupComparison& comparison);

/// "energy per epoch ×0.41 (batch) · epochs ×0.93 (lr) · start-up and rest ×1.00"
[[nodiscard]] std::string split_words(const RecommendationView& view,
                                      const SetupComparison& comparison);

/// A piece of advice as one sentence, without its evidence.
[[nodiscard]] std::string advice_words(const RecommendationView& view, const Advice& advice);

/// Why there is no recommendation, and what would give one.
[[nodiscard]] std::string lack_words(const RecommendationView& view);

}  // namespace gradwatt
