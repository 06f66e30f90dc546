#include "analyze/carbon_footprint.h"

#include "base/file.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace gradwatt {

std::optional<ElectricityPrice> parse_price(const std::string& text) {
  std::string_view rest = trimmed(text);
  if (rest.ends_with("/kWh")) {
    rest = trimmed(rest.substr(0, rest.size() - 4));
  }
  const std::size_t digits = rest.find_first_of("0123456789.");
  if (digits == std::string_view::npos) {
    return std::nullopt;
  }
  ElectricityPrice price;
  const std::string_view before = trimmed(rest.substr(0, digits));
  rest.remove_prefix(digits);
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), price.per_kwh);
  if (error != std::errc{} || !std::isfinite(price.per_kwh)) {
    return std::nullopt;
  }
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  const std::string_view behind = trimmed(rest);
  price.currency = std::string(before.empty() ? behind : before);
  const bool is_word = !price.currency.empty() &&
                       price.currency.find_first_of("0123456789.,-+ /") == std::string::npos;
  return is_word && (before.empty() || behind.empty()) ? std::optional(price) : std::nullopt;
}

BoundedNumber BoundedNumber::times(double factor) const {
  BoundedNumber product{value * factor, bounds};
  if (product.bounds) {
    product.bounds->lo *= factor;
    product.bounds->hi *= factor;
    if (factor < 0) {
      std::swap(product.bounds->lo, product.bounds->hi);
    }
  }
  return product;
}

double grams_per_joule(double g_per_kwh, double pue) {
  return pue * g_per_kwh / kJoulesPerKilowattHour;
}

double price_per_joule(const ElectricityPrice& price, double pue) {
  return pue * price.per_kwh / kJoulesPerKilowattHour;
}

double embodied_grams(const EmbodiedPart& part, double duration_s) {
  constexpr double kGramsPerKilogram = 1000;
  return kGramsPerKilogram * part.total_kg * duration_s / part.lifetime_s * part.share;
}

}  // namespace gradwatt
