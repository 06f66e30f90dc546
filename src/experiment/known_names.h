#pragma once

#include <span>
#include <string>
#include <string_view>

namespace gradwatt {

/// The remedy for a `word` that is none of the `known` names: which of them it likely meant, if one
/// is near, and all of them. Near is a Levenshtein distance of at most a third of the word's
/// length, rounded up.
/// Example: "bacth" among batch and lr is "did you mean 'batch'? known: batch, lr".
[[nodiscard]] std::string known_names(std::string_view word, std::span<const std::string> known);

}  // namespace gradwatt
