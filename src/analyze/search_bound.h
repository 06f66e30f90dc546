#pragma once

#include "analyze/search_curve.h"
#include "analyze/search_rules.h"

#include <cstddef>
#include <optional>
#include <span>

namespace gradwatt {

/// Energy of one epoch of a setup, else of one of its group; nullopt when neither is known.
[[nodiscard]] std::optional<double> expected_epoch_j(const SearchRules& rules,
                                                     std::span<const SearchCurve> curves,
                                                     std::size_t setup);

/// `joules` of a setup without the starts that only its pauses made necessary.
[[nodiscard]] double without_pauses(const SearchCurve& curve, double joules);

/// What a setup would have used at least to reach the goal in one go: what it used when it did,
/// else up to its next epoch. nullopt: it ended by itself without the goal.
/// Example  Paused at 60 J with 10 J an epoch: 70 J.
[[nodiscard]] std::optional<double> least_joules_of(const SearchRules& rules,
                                                    const GoalLine& goal,
                                                    std::span<const SearchCurve> curves,
                                                    std::size_t setup);

/// How many joules less than the leader a setup can have needed that may still be trained, at most;
/// 0 when none can.
[[nodiscard]] double most_to_gain_j(const SearchRules& rules,
                                    const GoalLine& goal,
                                    std::span<const SearchCurve> curves,
                                    const SearchLeader& leader);

}  // namespace gradwatt
