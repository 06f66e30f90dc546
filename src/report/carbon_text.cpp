#include "report/carbon_view.h"
#include "report/carbon_words.h"
#include "report/columns.h"
#include "report/study_words.h"
#include "units/show.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>

namespace gradwatt {
namespace {

constexpr std::size_t kCarbonIdShown = 10;
constexpr const char* kHowToGetCarbon =
    "whose electricity was it? --country DE (all: gradwatt carbon --countries), --intensity 380 in "
    "g/kWh, or --intensity-series FILE.csv";

std::string title_words(const CarbonRun& run) {
  const std::string id = run.run.substr(0, kCarbonIdShown);
  return run.name.empty() ? id : printable(run.name) + "  " + id;
}

std::string energy_words(const BoundedNumber& energy) {
  std::string words = show_energy(energy.value);
  if (energy.bounds) {
    words +=
        fmt::format(" [{}, {}]", show_energy(energy.bounds->lo), show_energy(energy.bounds->hi));
  }
  return words;
}

/// The intensity that holds for all runs; several of them have one each.
std::string equation_words(const CarbonView& view, const BoundedNumber& energy) {
  const auto grams = total_grams(view);
  const double intensity = grams->value / energy.value / view.rates.pue * kJoulesPerKilowattHour;
  const std::string source = view.series.empty() ? printable(view.rates.intensity_source)
                                                 : "by its time, " + printable(view.series);
  return fmt::format("{} × PUE {} × {} g/kWh ({})",
                     show_kilowatt_hours(energy.value),
                     view.rates.pue,
                     three_digits(intensity),
                     source);
}

/// A label and what is said of it, in lines of at most 100 columns.
std::string carbon_line(const std::string& label, const std::string& words) {
  constexpr std::size_t kColumns = 100;
  constexpr std::size_t kLabelled = 14;
  std::string text;
  std::string line = padded("  " + label, kLabelled - 1);
  std::istringstream rest(words);
  for (std::string word; rest >> word;) {
    if (width_of(line) + 1 + width_of(word) > kColumns) {
      text += line + "\n";
      line = std::string(kLabelled - 1, ' ');
    }
    line += " " + word;
  }
  return text + line + "\n";
}

std::string carbon_lines(const CarbonView& view, const BoundedNumber& energy) {
  const auto grams = total_grams(view);
  if (!grams) {
    return carbon_line("CO2e",
                       view.series.empty()
                           ? std::string("unknown: ") + kHowToGetCarbon
                           : "unknown: the run was outside the times of " + printable(view.series));
  }
  if (energy.value <= 0) {
    return carbon_line("CO2e", grams_words(*grams));
  }
  return carbon_line("CO2e", grams_words(*grams)) +
         carbon_line("", "= " + equation_words(view, energy));
}

std::string price_line(const CarbonView& view, const BoundedNumber& energy) {
  if (!view.rates.price) {
    return "";
  }
  const double factor = price_per_joule(*view.rates.price, view.rates.pue);
  const std::string& currency = view.rates.price->currency;
  std::string words = show_price(energy.value * factor, currency);
  if (energy.bounds) {
    words += fmt::format(" [{}, {}]",
                         show_price(energy.bounds->lo * factor, currency),
                         show_price(energy.bounds->hi * factor, currency));
  }
  return carbon_line("price", words);
}

std::string sci_line(const CarbonView& view) {
  if (!view.embodied) {
    return "";
  }
  const auto made = embodied_grams_of(view);
  const auto used = total_grams(view);
  if (!made) {
    return carbon_line("hardware", "unknown: the run's length is not known");
  }
  std::string text = carbon_line(
      "hardware", fmt::format("{} CO2e of making it, for the run's time", show_grams(*made)));
  if (used) {
    const auto runs = static_cast<double>(view.runs.size());
    text += carbon_line("SCI",
                        fmt::format("{} CO2e per training run, electricity and hardware",
                                    show_grams((used->value + *made) / runs)));
  }
  return text;
}

/// One digit: nobody knows more of a comparison.
std::string one_digit(double value) {
  if (value <= 0) {
    return "0";
  }
  constexpr double kTen = 10;
  const double scale = std::pow(kTen, std::floor(std::log10(value)));
  return fmt::format("{:.15g}", std::round(value / scale) * scale);
}

std::string distance_words(double km) {
  constexpr double kMetres = 1000;
  constexpr double kMillimetres = 1000;
  if (km >= 1) {
    return one_digit(km) + " km";
  }
  const double metres = km * kMetres;
  return metres >= 1 ? one_digit(metres) + " m" : one_digit(metres * kMillimetres) + " mm";
}

std::string equivalents_lines(const CarbonView& view, const BoundedNumber& energy) {
  if (!view.equivalents) {
    return "";
  }
  const EquivalentConstants& constants = *view.equivalents;
  std::string text;
  if (const auto grams = total_grams(view)) {
    text += carbon_line("about",
                        fmt::format("{} by car ({} g/km: {})",
                                    distance_words(grams->value / constants.car_g_per_km),
                                    constants.car_g_per_km,
                                    printable(constants.car_source)));
  }
  const double charges = energy.value / kJoulesPerKilowattHour / constants.phone_charge_kwh;
  return text + carbon_line("about",
                            fmt::format("{} times charging a phone ({} kWh each: {})",
                                        one_digit(charges),
                                        constants.phone_charge_kwh,
                                        printable(constants.phone_source)));
}

std::string runs_table(const CarbonView& view) {
  std::vector<std::vector<std::string>> rows{{"run", "energy", "CO2e"}};
  if (view.rates.price) {
    rows.front().emplace_back("price");
  }
  for (const CarbonRun& run : view.runs) {
    const auto grams = grams_of(run, view.rates);
    rows.push_back({title_words(run),
                    run.energy_j ? show_energy(run.energy_j->value) : "unknown",
                    grams ? show_grams(grams->value) : "unknown"});
    if (view.rates.price) {
      rows.back().push_back(
          run.energy_j
              ? show_price(run.energy_j->value * price_per_joule(*view.rates.price, view.rates.pue),
                           view.rates.price->currency)
              : "unknown");
    }
  }
  return indented(aligned(rows, {false, true, true, true}));
}

/// Of a series longer than two days, the mean of each hour of the day.
std::string starts_table(const CarbonView& view) {
  if (view.starts.empty()) {
    return "";
  }
  constexpr std::size_t kRowsMax = 48;
  constexpr double kDay_s = 86400;
  constexpr double kHour_s = 3600;
  std::vector<std::pair<std::string, double>> lines;
  const bool by_hour = view.starts.size() > kRowsMax;
  if (by_hour) {
    std::array<double, 24> sum{};
    std::array<int, 24> count{};
    for (const StartTime& start : view.starts) {
      const auto hour = static_cast<std::size_t>(std::fmod(start.unix_s, kDay_s) / kHour_s);
      sum.at(hour) += start.grams;
      ++count.at(hour);
    }
    for (std::size_t hour = 0; hour < sum.size(); ++hour) {
      if (count.at(hour) > 0) {
        lines.emplace_back(fmt::format("{:02}:00 UTC", hour), sum.at(hour) / count.at(hour));
      }
    }
  } else {
    for (const StartTime& start : view.starts) {
      lines.emplace_back(
          show_utc({static_cast<std::int64_t>(start.unix_s * 1000)}).substr(0, 16) + "Z",
          start.grams);
    }
  }
  const auto [least, most] = std::minmax_element(
      lines.begin(), lines.end(), [](auto& a, auto& b) { return a.second < b.second; });
  std::vector<std::vector<std::string>> rows;
  for (const auto& [when, grams] : lines) {
    rows.push_back({when,
                    show_grams(grams),
                    grams == least->second  ? "least"
                    : grams == most->second ? "most"
                                            : ""});
  }
  return fmt::format("\nCO2e had the same run begun at{}\n",
                     by_hour ? " (mean over the days of the series)" : "") +
         indented(aligned(rows, {false, true, false}));
}

std::string notes_text(const CarbonView& view, bool has_bounds) {
  std::string text;
  if (view.rates.pue == 1) {
    text +=
        wrapped("PUE 1: cooling and power supply of the site are not counted; --pue 1.2 adds 20 %");
  }
  if (has_bounds) {
    text +=
        wrapped("ranges are those of the energy; how far the intensity itself is off is not known");
  }
  if (total_grams(view) && view.series.empty() && !view.rates.location.empty()) {
    text += wrapped(
        "the intensity is a country's mean over a year; --intensity-series uses that of the hours");
  }
  return text.empty() ? "" : "\nto know\n" + text;
}

}  // namespace

std::string carbon_text(const CarbonView& view) {
  const auto energy = total_energy_j(view);
  const bool single = view.runs.size() == 1;
  std::string text =
      single ? title_words(view.runs.front()) + "\n" : runs_table(view) + "\nall together\n";
  if (!energy) {
    return text + carbon_line("energy", "unknown, so CO2 is unknown too: gradwatt doctor says why");
  }
  const auto unknown = std::count_if(
      view.runs.begin(), view.runs.end(), [](const CarbonRun& run) { return !run.energy_j; });
  const std::string kind = single ? ", " + view.runs.front().kind : "";
  text += carbon_line("energy",
                      fmt::format("{} = {}{}{}",
                                  energy_words(*energy),
                                  show_kilowatt_hours(energy->value),
                                  kind,
                                  unknown > 0 ? fmt::format(", without {} unknown", unknown) : ""));
  return text + carbon_lines(view, *energy) + price_line(view, *energy) + sci_line(view) +
         equivalents_lines(view, *energy) + starts_table(view) +
         notes_text(view, energy->bounds.has_value());
}

std::string carbon_summary_text(const CarbonView& view) {
  const auto energy = total_energy_j(view);
  return energy ? carbon_lines(view, *energy) + price_line(view, *energy) : "";
}

}  // namespace gradwatt
