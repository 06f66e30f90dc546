#include "analyze/carbon_intensity.h"

#include "analyze/fixture_rows.h"

#include <algorithm>
#include <cctype>
#include <vector>

namespace gradwatt {

extern const char* const embedded_carbon_intensity_csv;

namespace {

bool is_same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

std::vector<CountryIntensity> read_table() {
  std::vector<CountryIntensity> table;
  for (const auto& row : fixture_rows(embedded_carbon_intensity_csv)) {
    table.push_back(
        {row.at(0), row.at(1), row.at(2), std::stod(row.at(3)), std::stoi(row.at(4)), row.at(5)});
  }
  return table;
}

}  // namespace

std::span<const CountryIntensity> country_intensities() {
  static const std::vector<CountryIntensity> kTable = read_table();
  return kTable;
}

const CountryIntensity* find_country(std::string_view country) {
  for (const CountryIntensity& row : country_intensities()) {
    if (is_same_word(country, row.code) || is_same_word(country, row.code3) ||
        is_same_word(country, row.name)) {
      return &row;
    }
  }
  return nullptr;
}

}  // namespace gradwatt
