#pragma once

#include <span>
#include <string>
#include <string_view>

namespace gradwatt {

/// How much CO2 equivalent a country's electricity stood for in a year.
struct CountryIntensity {
  std::string code;   ///< ISO 3166 alpha-2: "DE"; also "EU" and "WORLD".
  std::string code3;  ///< ISO 3166 alpha-3: "DEU".
  std::string name;
  double g_per_kwh = 0;
  int year = 0;
  std::string source;
};

/// The table that is in the program, src/analyze/carbon_intensity.csv, which says where each number
/// is from. "WORLD" and "EU" first, then by code.
[[nodiscard]] std::span<const CountryIntensity> country_intensities();

/// The row of a country by either code or by its name, whatever the case; nullptr: there is none.
/// Example  "de", "DEU" and "germany" are Germany's 381 g/kWh in 2023.
[[nodiscard]] const CountryIntensity* find_country(std::string_view country);

}  // namespace gradwatt
