#pragma once

#include "analyze/carbon_footprint.h"

#include <string>

namespace gradwatt {

/// The constants that comparisons use, as a TOML file to edit: numbers with their sources.
[[nodiscard]] std::string carbon_constants_file(const EquivalentConstants& constants);

/// Reads such a file; what it leaves out stays as it is by default.
/// Throws UsageError with file and line for what is no TOML, unknown keys, and numbers not above 0.
[[nodiscard]] EquivalentConstants parse_carbon_constants(const std::string& toml,
                                                         const std::string& file);

}  // namespace gradwatt
