#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gradwatt {

/// The name that was probably meant: the one with the fewest typing errors, if it has at most a
/// third as many as letters (and at least one is allowed).
/// Source    Levenshtein distance: insertions, deletions, substitutions.
/// Example   "fashion-clasify" among {"fashion-classify"} is "fashion-classify"; "x" is nullopt.
[[nodiscard]] std::optional<std::string> closest_name(std::string_view typed,
                                                      std::span<const std::string> names);

}  // namespace gradwatt
