#include "report/carbon_words.h"

#include "report/columns.h"
#include "report/study_words.h"
#include "units/show.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace gradwatt {
namespace {

struct MassUnit {
  double grams;
  const char* name;
};
constexpr std::array<MassUnit, 5> kMassUnits{
    {{1e-6, "µg"}, {1e-3, "mg"}, {1, "g"}, {1e3, "kg"}, {1e6, "t"}}};

}  // namespace

std::string show_grams(double grams) {
  if (grams == 0) {
    return "0 g";
  }
  const MassUnit* chosen = kMassUnits.data();
  for (const MassUnit& unit : kMassUnits) {
    if (std::abs(grams) >= 0.9995 * unit.grams) {  // 999.5 would be printed as 1000 of the smaller.
      chosen = &unit;
    }
  }
  return fmt::format("{} {}", three_digits(grams / chosen->grams), chosen->name);
}

std::string show_price(double amount, const std::string& currency) {
  constexpr double kCent = 0.01;
  const std::string number = std::abs(amount) >= 100 * kCent ? fmt::format("{:.2f}", amount)
                                                             : fmt::format("{:.2g}", amount);
  return number + " " + printable(currency);
}

std::string show_kilowatt_hours(double joules) {
  return three_digits(joules / kJoulesPerKilowattHour) + " kWh";
}

std::string grams_words(const BoundedNumber& grams) {
  std::string words = show_grams(grams.value);
  if (grams.bounds) {
    words += fmt::format(" [{}, {}]", show_grams(grams.bounds->lo), show_grams(grams.bounds->hi));
  }
  return words;
}

std::string rates_words(const CarbonRates& rates) {
  std::string words;
  if (rates.g_per_kwh) {
    words = fmt::format(
        "{} g/kWh ({}), ", three_digits(*rates.g_per_kwh), printable(rates.intensity_source));
  }
  return words + fmt::format("PUE {}", rates.pue);
}

std::string avoided_text(const BoundedNumber& saved_j, const CarbonRates& rates) {
  std::string what;
  if (rates.g_per_kwh) {
    what = grams_words(saved_j.times(grams_per_joule(*rates.g_per_kwh, rates.pue))) + " CO2e";
  }
  if (rates.price) {
    what +=
        (what.empty() ? "" : " and ") +
        show_price(saved_j.value * price_per_joule(*rates.price, rates.pue), rates.price->currency);
  }
  return what.empty() ? "" : wrapped("That avoids " + what + ", at " + rates_words(rates) + ".");
}

}  // namespace gradwatt
