#include "base/error.h"
#include "report/carbon_view.h"
#include "report/carbon_words.h"
#include "report/columns.h"
#include "report/study_words.h"
#include "units/show.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <set>

namespace gradwatt {
namespace {

/// What the runs say, each thing once: "nvml, rapl".
std::string joined(const CarbonView& view, std::string CarbonRun::*what) {
  std::set<std::string> seen;
  std::string text;
  for (const CarbonRun& run : view.runs) {
    if (!(run.*what).empty() && seen.insert(run.*what).second) {
      text += (text.empty() ? "" : "; ") + printable(run.*what);
    }
  }
  return text;
}

/// A YAML string is a JSON string.
std::string quoted(const std::string& text) { return nlohmann::json(text).dump(); }

std::string intensity_words(const CarbonView& view) {
  if (!view.series.empty()) {
    return "carbon intensity at the time of use (" + printable(view.series) + ")";
  }
  return fmt::format("{} g CO2e/kWh ({})",
                     three_digits(view.rates.g_per_kwh.value_or(0)),
                     printable(view.rates.intensity_source));
}

std::string kilowatt_hours_range(const BoundedNumber& energy) {
  return energy.bounds ? fmt::format(" (between {} and {})",
                                     show_kilowatt_hours(energy.bounds->lo),
                                     show_kilowatt_hours(energy.bounds->hi))
                       : " (its uncertainty is not known)";
}

BoundedNumber energy_or_throw(const CarbonView& view) {
  const auto energy = total_energy_j(view);
  if (!energy) {
    throw UsageError("the energy of these runs is unknown", "--format", "gradwatt doctor says why");
  }
  for (const CarbonRun& run : view.runs) {
    if (!run.energy_j) {
      throw UsageError("the energy of this run is unknown, so a total would be too small",
                       run.run,
                       "leave it out");
    }
  }
  return *energy;
}

/// A paragraph of at most 100 columns, without an indent.
std::string paragraph(const std::string& sentences) {
  std::string text;
  std::string indented_text = wrapped(sentences);
  for (std::size_t from = 0; from < indented_text.size();) {
    const std::size_t end = indented_text.find('\n', from);
    const std::size_t first = indented_text.find_first_not_of(' ', from);
    text += indented_text.substr(first, end - first) + "\n";
    from = end + 1;
  }
  return text;
}

}  // namespace

std::string carbon_model_card(const CarbonView& view) {
  const BoundedNumber energy = energy_or_throw(view);
  const auto grams = total_grams(view);
  if (!grams) {
    throw UsageError("CO2 is unknown without the electricity's carbon intensity",
                     "--format hf",
                     "--country DE, --intensity 380 or --intensity-series FILE.csv");
  }
  std::string yaml = fmt::format("co2_eq_emissions:\n  emissions: {:.6g}  # grams\n", grams->value);
  if (grams->bounds) {
    yaml += fmt::format("  # by the range of the energy: {:.3g} to {:.3g} grams\n",
                        grams->bounds->lo,
                        grams->bounds->hi);
  }
  yaml += "  source: " +
          quoted(fmt::format("gradwatt {}: {} ({}) x PUE {} x {}",
                             GRADWATT_VERSION,
                             show_kilowatt_hours(energy.value),
                             joined(view, &CarbonRun::kind),
                             view.rates.pue,
                             intensity_words(view))) +
          "\n";
  const auto field = [&](const char* name, const std::string& value) {
    if (!value.empty()) {
      yaml += fmt::format("  {}: {}\n", name, quoted(value));
    }
  };
  field("training_type", view.training_type);
  field("geographical_location", view.rates.location);
  field("hardware_used", joined(view, &CarbonRun::hardware));
  return yaml;
}

std::string carbon_annex_xi(const CarbonView& view) {
  const BoundedNumber energy = energy_or_throw(view);
  const std::string kind = joined(view, &CarbonRun::kind);
  const std::string boundary = joined(view, &CarbonRun::boundary);
  const std::string method = joined(view, &CarbonRun::method);
  const std::string hardware = joined(view, &CarbonRun::hardware);
  std::string sentences = fmt::format(
      "Energy consumption (Regulation (EU) 2024/1689, Annex XI, section 1, point 2(e)). Training, "
      "{} {}, used {} of electricity{}, {}. ",
      view.runs.size(),
      view.runs.size() == 1 ? "run" : "runs",
      show_kilowatt_hours(energy.value * view.rates.pue),
      kilowatt_hours_range(energy.times(view.rates.pue)),
      kind.empty() ? "by measurements as given" : kind);
  sentences += fmt::format("Method: gradwatt {}{}. Boundary: {}{}. ",
                           GRADWATT_VERSION,
                           method.empty() ? "" : ", reading " + method,
                           boundary.empty() ? "as in the source of the measurements" : boundary,
                           hardware.empty() ? "" : ", on " + hardware);
  sentences +=
      view.rates.pue == 1
          ? "Cooling and power supply of the site (PUE) are not included. "
          : fmt::format("Cooling and power supply of the site are included by a PUE of {}. ",
                        view.rates.pue);
  sentences +=
      "The range is that of the measurement: gain, gaps, and what the sensors could not see. ";
  if (const auto grams = total_grams(view)) {
    sentences += fmt::format("This corresponds to {} CO2 equivalent at {}. ",
                             grams_words(*grams),
                             intensity_words(view));
  }
  return paragraph(sentences +
                   "Preliminary experiments and inference are not included unless listed.");
}

}  // namespace gradwatt
