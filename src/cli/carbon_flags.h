#pragma once

#include "analyze/carbon_footprint.h"
#include "analyze/intensity_series.h"

#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace gradwatt {

/// Flags that turn joules into CO2 and money, the same for every verb that shows energy.
struct CarbonFlags {
  std::string country;
  std::optional<double> intensity_g_per_kwh;
  double pue = 1;
  std::string price;
};

/// Declares --country, --intensity, --pue and --price.
void add_carbon_flags(CLI::App& app, CarbonFlags& flags);

/// Whether the country comes from GRADWATT_COUNTRY: what the command line says goes before it.
[[nodiscard]] bool is_country_from_environment(const CarbonFlags& flags);

/// Throws UsageError for a country that the table lacks, both an intensity and a country on the
/// command line, a PUE below 1, and what is no price.
[[nodiscard]] CarbonRates carbon_rates(const CarbonFlags& flags);

/// Whether anything but the standard was asked for.
[[nodiscard]] bool asks_for_carbon(const CarbonFlags& flags);

/// Reads a time series of intensities. Throws UsageError.
[[nodiscard]] IntensitySeries read_intensity_series(const std::string& file);

}  // namespace gradwatt
