#pragma once

#include "analyze/carbon_footprint.h"

#include <string>

namespace gradwatt {

/// Three significant digits of a mass, for people only: 0.00224 g is "2.24 mg", 1'234'000 g is
/// "1.23 t".
[[nodiscard]] std::string show_grams(double grams);

/// "0.36 EUR", "1.2e-06 EUR".
[[nodiscard]] std::string show_price(double amount, const std::string& currency);

/// "5.83e-06 kWh", "1.24 kWh".
[[nodiscard]] std::string show_kilowatt_hours(double joules);

/// "456 g [430 g, 480 g]".
[[nodiscard]] std::string grams_words(const BoundedNumber& grams);

/// What a saving of energy avoids: "avoids 12.3 g CO2e [10.1 g, 14.5 g] and 0.02 EUR (381 g/kWh:
/// Germany 2023, Ember; PUE 1)", as a line; empty when neither an intensity nor a price is given.
[[nodiscard]] std::string avoided_text(const BoundedNumber& saved_j, const CarbonRates& rates);

/// Where the intensity is from, and the PUE: "381 g/kWh (Germany 2023, Ember), PUE 1.2".
[[nodiscard]] std::string rates_words(const CarbonRates& rates);

}  // namespace gradwatt
