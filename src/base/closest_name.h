#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gradwatt {

/// The name that a mistyped `word` most likely meant: the nearest, if its Levenshtein distance is
/// at most a third of the word's length, rounded up. nullopt when none is near.
/// Example: "bacth" among batch and lr is "batch"; "epochs" among them is nullopt.
[[nodiscard]] std::optional<std::string> closest_name(std::string_view word,
                                                      std::span<const std::string> known);

/// The remedy for a `word` that is none of the `known` names: which it likely meant, and all.
/// Example: "bacth" among batch and lr is "did you mean 'batch'? known: batch, lr".
[[nodiscard]] std::string known_names(std::string_view word, std::span<const std::string> known);

}  // namespace gradwatt
