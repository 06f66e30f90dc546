#pragma once

#include "analyze/log_interval.h"
#include "analyze/scaling_rates.h"

#include <optional>
#include <string>

namespace gradwatt {

/// What a kWh costs.
struct ElectricityPrice {
  double per_kwh = 0;
  std::string currency;
};

/// Reads "0.30EUR/kWh", "0.30 EUR" or "$0.12/kWh".
/// Returns  nullopt for anything else, and for a price below 0.
[[nodiscard]] std::optional<ElectricityPrice> parse_price(const std::string& text);

/// What joules are multiplied with when they are read. Never stored.
struct CarbonRates {
  double pue = 1;  ///< Energy of the whole site over that of its computers.
  std::optional<double> g_per_kwh;
  std::string intensity_source;  ///< "Germany 2023, Ember".
  std::string location;          ///< Name of the country; empty: not told.
  std::optional<ElectricityPrice> price;
};

/// A number with the bounds of the energy that it comes from.
struct BoundedNumber {
  double value = 0;
  std::optional<Interval> bounds;

  /// Every energy, carbon and price is proportional to the joules.
  [[nodiscard]] BoundedNumber times(double factor) const;
};

/// Grams of CO2 equivalent in one joule: PUE * I / 3.6e6.
/// Source   ISO 14064 and the GHG Protocol, scope 2, location-based: activity times factor.
/// Example  1 kWh at 380 g/kWh and a PUE of 1.2: 456 g.
[[nodiscard]] double grams_per_joule(double g_per_kwh, double pue);

/// Price of one joule. Example  1 kWh at 0.30 EUR/kWh and a PUE of 1.2: 0.36 EUR.
[[nodiscard]] double price_per_joule(const ElectricityPrice& price, double pue);

/// The making of the hardware, as far as one run answers for it.
struct EmbodiedPart {
  double total_kg = 0;    ///< CO2 equivalent of making all of it; by its vendor's assessment.
  double lifetime_s = 0;  ///< How long it is used.
  double share = 1;       ///< Of it that the run reserved: 2 of 8 GPUs are 0.25.
};

/// Grams of CO2 equivalent of making the hardware that a run of this length answers for:
///
///   M = TE * (time reserved / lifetime) * (resources reserved / all resources)
///
/// Source   Software Carbon Intensity specification 1.1, Green Software Foundation, 2024.
/// Example  1000 kg, 4 years, half of it for 3.5064 days: 1.2 kg.
[[nodiscard]] double embodied_grams(const EmbodiedPart& part, double duration_s);

/// What a gram or a kWh is compared with, for people who know neither. Editable.
struct EquivalentConstants {
  double car_g_per_km = 107.5;
  std::string car_source =
      "average of new cars in the EU, Iceland and Norway in 2020, European Environment Agency";
  double phone_charge_kwh = 0.015;
  std::string phone_source = "a battery of 12 to 15 Wh charged once, with a charger's losses";
};

}  // namespace gradwatt
