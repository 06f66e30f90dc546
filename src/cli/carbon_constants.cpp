#include "cli/carbon_constants.h"

#include "experiment/toml_source.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <string_view>

namespace gradwatt {
namespace {

constexpr const char* kShowRemedy = "gradwatt carbon --constants prints the file as it can be";

/// A TOML basic string is a JSON string.
std::string toml_string(const std::string& text) { return nlohmann::json(text).dump(); }

/// Reads one table: a number above 0 and its source.
void read_constant(const TomlSource& toml,
                   std::string_view name,
                   const std::string& number_key,
                   double& number,
                   std::string& source) {
  const toml::table* table = toml.table(name);
  if (table == nullptr) {
    return;
  }
  toml.refuse_unknown_keys(*table, std::array{number_key, std::string("source")});
  if (const toml::node* value = table->get(number_key)) {
    const auto read = value->value<double>();
    if (!read || !(*read > 0) || !std::isfinite(*read)) {
      toml.fail(value->source(), number_key + " is a number above 0", kShowRemedy);
    }
    number = *read;
  }
  if (const toml::node* text = table->get("source")) {
    source = toml.string(*text, "source");
  }
}

}  // namespace

std::string carbon_constants_file(const EquivalentConstants& constants) {
  return fmt::format(
      "# What gradwatt carbon --equivalents compares with. Keep it in a file, change it, and give\n"
      "# the file with --constants FILE.toml.\n"
      "[car]\ng_per_km = {}\nsource = {}\n\n[phone_charge]\nkwh = {}\nsource = {}\n",
      constants.car_g_per_km,
      toml_string(constants.car_source),
      constants.phone_charge_kwh,
      toml_string(constants.phone_source));
}

EquivalentConstants parse_carbon_constants(const std::string& text, const std::string& file) {
  const TomlSource toml(text, file);
  toml.refuse_unknown_keys(toml.root(),
                           std::array{std::string("car"), std::string("phone_charge")});
  EquivalentConstants constants;
  read_constant(toml, "car", "g_per_km", constants.car_g_per_km, constants.car_source);
  read_constant(toml, "phone_charge", "kwh", constants.phone_charge_kwh, constants.phone_source);
  return constants;
}

}  // namespace gradwatt
