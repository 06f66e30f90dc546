#pragma once

#include "analyze/compared_sides.h"
#include "cli/run_source.h"

#include <string>
#include <vector>

namespace gradwatt {

/// What a command line says about the sides of a comparison.
struct SideFlags {
  std::vector<std::string> selectors;  ///< Each a side; with `by`, where the runs are taken from.
  std::string by;                      ///< A factor, also as "factor.NAME"; empty: none.
  std::string against;                 ///< Its value that becomes the first side.
};

/// "factor.batch" and "batch" are the same factor.
[[nodiscard]] std::string factor_named(const std::string& by);

/// The sides, each with at least one finished run. A run's name stands for all runs of that name,
/// which are its repeats. What is left out is said on stderr.
/// Throws  UsageError when fewer than two sides are left, two share a run, or `by` names nothing.
[[nodiscard]] std::vector<SideRuns> sides_from(const SideFlags& flags, const RunSource& source);

}  // namespace gradwatt
