#include "analyze/carbon_intensity.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/carbon_constants.h"
#include "cli/carbon_flags.h"
#include "cli/carbon_runs.h"
#include "cli/catalog.h"
#include "cli/run_source.h"
#include "report/carbon_view.h"
#include "report/columns.h"
#include "units/quantity_text.h"
#include "units/show.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <memory>

namespace gradwatt {
namespace {

struct CarbonVerbFlags {
  RunSourceFlags source;
  CarbonFlags carbon;
  std::vector<std::string> runs;
  std::string series;
  bool start_times = false;
  bool equivalents = false;
  std::string constants;
  std::optional<double> embodied_kg;
  std::string lifetime;
  double share = 1;
  std::string format;
  std::string training_type;
  bool countries = false;
  bool json = false;
};

/// "4y", "4 years", or a time such as "30000h"; in seconds.
double lifetime_s(const std::string& text) {
  constexpr double kYear_s = 365.25 * 86400;
  constexpr const char* kRemedy = "how long the hardware is used, as 4y or 35000h";
  const std::string_view trimmed_text = trimmed(text);
  double years = 0;
  const char* end = trimmed_text.data() + trimmed_text.size();
  const auto [rest, error] = std::from_chars(trimmed_text.data(), end, years);
  const std::string_view unit =
      trimmed(std::string_view(rest, static_cast<std::size_t>(end - rest)));
  double time_s = 0;
  if (error == std::errc{} && (unit == "y" || unit == "year" || unit == "years")) {
    time_s = years * kYear_s;
  } else if (const auto time = parse_duration(trimmed_text)) {
    time_s = seconds(*time);
  }
  if (!std::isfinite(time_s) || time_s <= 0) {
    throw UsageError(
        text.empty() ? "--embodied-kg needs a lifetime" : "no lifetime: '" + text + "'",
        "--lifetime",
        kRemedy);
  }
  return time_s;
}

std::optional<EmbodiedPart> embodied_part(const CarbonVerbFlags& flags) {
  if (!flags.embodied_kg) {
    if (!flags.lifetime.empty() || flags.share != 1) {
      throw UsageError("--lifetime and --share belong to the making of hardware",
                       "--embodied-kg",
                       "give its CO2e in kg, from its vendor's life-cycle assessment");
    }
    return std::nullopt;
  }
  if (!std::isfinite(*flags.embodied_kg) || *flags.embodied_kg < 0) {
    throw UsageError("no mass", "--embodied-kg", "kg CO2e of making the hardware, from 0 on");
  }
  if (!(flags.share > 0 && flags.share <= 1)) {
    throw UsageError("no share", "--share", "of the hardware: 2 of 8 GPUs are 0.25");
  }
  return EmbodiedPart{*flags.embodied_kg, lifetime_s(flags.lifetime), flags.share};
}

int print_countries(bool json) {
  if (json) {
    std::string rows;
    for (const CountryIntensity& row : country_intensities()) {
      rows += fmt::format(
          "{}\n    {{\"code\": \"{}\", \"code3\": \"{}\", \"name\": \"{}\", \"g_per_kwh\": {}, "
          "\"year\": {}, \"source\": \"{}\"}}",
          rows.empty() ? "" : ",",
          row.code,
          row.code3,
          row.name,
          row.g_per_kwh,
          row.year,
          row.source);
    }
    fmt::print("{{\n  \"schema\": 1,\n  \"countries\": [{}\n  ]\n}}\n", rows);
    return 0;
  }
  std::vector<std::vector<std::string>> rows{
      {"code", "", "country", "g CO2e/kWh", "year", "source"}};
  for (const CountryIntensity& row : country_intensities()) {
    rows.push_back({row.code,
                    row.code3,
                    row.name,
                    fmt::format("{:.0f}", row.g_per_kwh),
                    std::to_string(row.year),
                    row.source});
  }
  fmt::print("{}", aligned(rows, {false, false, false, true, true, false}));
  return 0;
}

EquivalentConstants constants_of(const std::string& file) {
  if (file.empty()) {
    return {};
  }
  const auto text = read_text(file);
  if (!text) {
    throw UsageError(system_error("cannot read", file, errno).what(), "--constants");
  }
  return parse_carbon_constants(*text, file);
}

/// What the same run would have caused from each full step of the series on.
std::vector<StartTime> start_times(const CarbonRun& run,
                                   const IntensitySeries& series,
                                   double pue) {
  std::vector<StartTime> starts;
  for (const IntensityPoint& point : series.points) {
    const double shift_s = point.unix_s - run.pieces.front().begin_s;
    if (const auto intensity = weighted_intensity(series, run.pieces, shift_s)) {
      starts.push_back({point.unix_s, run.energy_j->value * grams_per_joule(*intensity, pue)});
    }
  }
  return starts;
}

std::string utc_words(double unix_s) {
  constexpr double kMilliseconds = 1000;
  return show_utc({static_cast<std::int64_t>(unix_s * kMilliseconds)});
}

void apply_series(CarbonView& view, const CarbonVerbFlags& flags) {
  const IntensitySeries series = read_intensity_series(flags.series);
  view.series = flags.series;
  view.rates.g_per_kwh.reset();  // Of a country in the environment.
  for (CarbonRun& run : view.runs) {
    if (!run.energy_j) {
      continue;
    }
    if (run.pieces.empty()) {
      throw UsageError("when this run used its energy is not known",
                       run.run,
                       "a table has no times of day: give --country or --intensity");
    }
    run.g_per_kwh = weighted_intensity(series, run.pieces);
    if (!run.g_per_kwh && !flags.start_times) {
      throw UsageError(fmt::format("the run, from {} to {}, is not inside the series",
                                   utc_words(run.pieces.front().begin_s),
                                   utc_words(run.pieces.back().end_s)),
                       run.run,
                       fmt::format("{} covers {} to {}",
                                   flags.series,
                                   utc_words(series.begin_s()),
                                   utc_words(series.end_s())));
    }
  }
  if (flags.start_times) {
    if (view.runs.size() != 1 || !view.runs.front().energy_j) {
      throw UsageError("start times are those of one run of known energy", "--start-times");
    }
    view.starts = start_times(view.runs.front(), series, view.rates.pue);
    if (view.starts.empty()) {
      throw UsageError("the series is shorter than the run", flags.series, "give a longer one");
    }
  }
}

void check_flags(const CarbonVerbFlags& flags) {
  const bool names_country =
      !flags.carbon.country.empty() && !is_country_from_environment(flags.carbon);
  if (!flags.series.empty() && (names_country || flags.carbon.intensity_g_per_kwh)) {
    throw UsageError("two carbon intensities",
                     "--intensity-series and --country or --intensity",
                     "give one of them");
  }
  if (flags.start_times && flags.series.empty()) {
    throw UsageError("start times need intensities over time",
                     "--start-times",
                     "--intensity-series FILE.csv with the columns t,g_per_kwh");
  }
  if (flags.json && !flags.format.empty()) {
    throw UsageError("two formats", "--json and --format", "give one of them");
  }
}

int show_carbon(const CarbonVerbFlags& flags) {
  check_flags(flags);
  CarbonView view;
  view.rates = carbon_rates(flags.carbon);
  view.embodied = embodied_part(flags);
  view.training_type = flags.training_type;
  if (flags.equivalents) {
    view.equivalents = constants_of(flags.constants);
  }
  const RunSource source(flags.source);
  view.runs = carbon_runs(source, flags.runs, !flags.series.empty());
  if (!flags.series.empty()) {
    apply_series(view, flags);
  }
  fmt::print("{}",
             flags.format == "hf"         ? carbon_model_card(view)
             : flags.format == "annex-xi" ? carbon_annex_xi(view)
             : flags.json                 ? carbon_to_json(view)
                                          : carbon_text(view));
  return 0;
}

void declare_rest(CLI::App& app, CarbonVerbFlags& flags) {
  app.add_option("--embodied-kg", flags.embodied_kg, "CO2e of making the hardware, for SCI")
      ->type_name("KG");
  app.add_option("--lifetime", flags.lifetime, "How long the hardware is used: 4y")
      ->type_name("TIME");
  app.add_option("--share", flags.share, "Of the hardware that the run reserved [1]")
      ->type_name("X");
  app.add_flag("--equivalents", flags.equivalents, "Compare with driving and charging phones");
  app.add_option("--constants",
                 flags.constants,
                 "What they are compared with, from a TOML file; without FILE: print it")
      ->expected(0, 1)
      ->type_name("FILE");
  app.add_option("--format", flags.format, "hf: Hugging Face model card; annex-xi: EU AI Act")
      ->check(CLI::IsMember({"hf", "annex-xi"}))
      ->type_name("");
  app.add_option("--training-type", flags.training_type, "For hf: pre-training or fine-tuning")
      ->check(CLI::IsMember({"pre-training", "fine-tuning"}))
      ->type_name("");
  app.add_flag("--countries", flags.countries, "List the carbon intensities that are built in");
  app.add_flag("--json", flags.json, "As JSON");
}

std::function<int()> declare(CLI::App& app, const VerbContext&) {
  auto flags = std::make_shared<CarbonVerbFlags>();
  app.add_option("RUNS", flags->runs, "Runs, sweeps, tag:NAME=VALUE, FACTOR=VALUE [@last]")
      ->type_name("");
  add_carbon_flags(app, flags->carbon);
  app.add_option(
         "--intensity-series", flags->series, "Carbon intensity over time: CSV with t,g_per_kwh")
      ->type_name("FILE");
  app.add_flag("--start-times", flags->start_times, "CO2 had the run begun at each of its times");
  declare_rest(app, *flags);
  add_run_source_flags(app, flags->source);
  const CLI::Option* constants = app.get_option("--constants");
  return [flags, constants] {
    if (flags->countries) {
      return print_countries(flags->json);
    }
    if (constants->count() > 0 && !flags->equivalents) {
      fmt::print("{}", carbon_constants_file(constants_of(flags->constants)));
      return 0;
    }
    return show_carbon(*flags);
  };
}

}  // namespace

Verb carbon_verb() {
  return {"carbon", "CO2, cost and exports of runs, computed when they are read", declare};
}

}  // namespace gradwatt
