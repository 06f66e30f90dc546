#pragma once

#include <span>
#include <string>
#include <string_view>

namespace gradwatt {

/// What a mistyped `word` most likely meant: the known name at the least Levenshtein distance, if
/// that is at most a third of the word's length, rounded up. Else "".
/// Example: "bacth" among {"batch", "lr"} is "batch"; "epochs" among {"batch", "lr"} is "".
[[nodiscard]] std::string closest_name(std::string_view word, std::span<const std::string> known);

/// "did you mean 'batch'? " when closest_name finds one, then "known: batch, lr".
[[nodiscard]] std::string known_names(std::string_view word, std::span<const std::string> known);

}  // namespace gradwatt
