#include "cli/carbon_flags.h"

#include "analyze/carbon_intensity.h"
#include "base/closest_name.h"
#include "base/error.h"
#include "base/file.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <vector>

namespace gradwatt {
namespace {

constexpr const char* kListRemedy =
    "gradwatt carbon --countries lists them; or give --intensity in g CO2e per kWh";

CountryIntensity row_of_country(const std::string& country) {
  if (const CountryIntensity* row = find_country(country)) {
    return *row;
  }
  std::vector<std::string> names;
  for (const CountryIntensity& row : country_intensities()) {
    names.push_back(row.name);
  }
  const auto meant = closest_name(country, names);
  throw UsageError(fmt::format("no carbon intensity for '{}'", country),
                   "--country",
                   meant ? fmt::format("did you mean '{}'? {}", *meant, kListRemedy) : kListRemedy);
}

}  // namespace

void add_carbon_flags(CLI::App& app, CarbonFlags& flags) {
  app.add_option(
         "--country", flags.country, "Whose electricity it was, for CO2: DE, DEU, Germany, WORLD")
      ->type_name("CODE");
  app.add_option("--intensity",
                 flags.intensity_g_per_kwh,
                 "Carbon intensity of the electricity, g CO2e per kWh")
      ->type_name("G");
  app.add_option(
         "--pue", flags.pue, "Energy of the whole site over that of its computers (cooling) [1]")
      ->type_name("X");
  app.add_option("--price", flags.price, "What electricity costs: 0.30EUR/kWh")->type_name("PRICE");
}

bool is_country_from_environment(const CarbonFlags& flags) {
  const char* country = std::getenv("GRADWATT_COUNTRY");
  return country != nullptr && flags.country == country;
}

bool asks_for_carbon(const CarbonFlags& flags) {
  return !flags.country.empty() || flags.intensity_g_per_kwh || !flags.price.empty();
}

CarbonRates carbon_rates(const CarbonFlags& flags) {
  CarbonRates rates;
  rates.pue = flags.pue;
  if (!std::isfinite(flags.pue) || flags.pue < 1) {
    throw UsageError("a PUE is 1 or more: the site uses all that its computers use, and more",
                     "--pue",
                     "1.2 is usual for large data centres, 1.58 was the average in 2023");
  }
  const bool is_named = !flags.country.empty() && !is_country_from_environment(flags);
  if (is_named && flags.intensity_g_per_kwh) {
    throw UsageError("two carbon intensities", "--country and --intensity", "give one of them");
  }
  if (!flags.country.empty() && !flags.intensity_g_per_kwh) {
    const CountryIntensity row = row_of_country(flags.country);
    rates.g_per_kwh = row.g_per_kwh;
    rates.location = row.name;
    rates.intensity_source = fmt::format("{} {}, {}", row.name, row.year, row.source);
  } else if (flags.intensity_g_per_kwh) {
    if (!std::isfinite(*flags.intensity_g_per_kwh) || *flags.intensity_g_per_kwh < 0) {
      throw UsageError("no carbon intensity", "--intensity", "g CO2e per kWh, from 0 on");
    }
    rates.g_per_kwh = flags.intensity_g_per_kwh;
    rates.intensity_source = "as given";
  }
  if (!flags.price.empty()) {
    rates.price = parse_price(flags.price);
    if (!rates.price) {
      throw UsageError(
          fmt::format("no price: '{}'", flags.price), "--price", "as 0.30EUR/kWh, with a point");
    }
  }
  return rates;
}

IntensitySeries read_intensity_series(const std::string& file) {
  const auto text = read_text(file);
  if (!text) {
    throw UsageError(system_error("cannot read", file, errno).what(),
                     "--intensity-series",
                     "a CSV file with the columns t,g_per_kwh");
  }
  return parse_intensity_series(*text, file);
}

}  // namespace gradwatt
