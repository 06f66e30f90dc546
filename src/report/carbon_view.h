#pragma once

#include "analyze/carbon_footprint.h"
#include "analyze/intensity_series.h"
#include "units/instant.h"

#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// A run as something that used electricity.
struct CarbonRun {
  std::string run;                        ///< Id.
  std::string name;                       ///< Its name, or its settings; empty: none.
  std::optional<BoundedNumber> energy_j;  ///< Absent: unknown.
  std::string kind;                       ///< "measured", "estimated", "mixed", "as given".
  std::string boundary;                   ///< What the energy covers; empty: not known.
  std::string method;                     ///< How it was found; empty: not known.
  std::string hardware;                   ///< Empty: not known.
  std::optional<double> duration_s;
  std::optional<WallTime> started_at;
  std::vector<EnergyPiece> pieces;  ///< When it used the energy; empty: not asked for, not known.
  std::optional<double> g_per_kwh;  ///< Of its own time, from a series; else the rates' holds.
};

/// What the run would have caused, begun at another time.
struct StartTime {
  double unix_s = 0;
  double grams = 0;
};

struct CarbonView {
  std::vector<CarbonRun> runs;
  CarbonRates rates;
  std::string series;  ///< File of the intensities over time; empty: none.
  std::optional<EmbodiedPart> embodied;
  std::optional<EquivalentConstants> equivalents;  ///< Absent: none were asked for.
  std::vector<StartTime> starts;                   ///< Empty: not asked for.
  std::string training_type;                       ///< "pre-training"; empty: not told.
};

/// Energy of all runs whose energy is known, bounds added; nullopt: there is none.
[[nodiscard]] std::optional<BoundedNumber> total_energy_j(const CarbonView& view);

/// Grams of CO2 equivalent from using electricity; nullopt: energy or intensity are unknown.
[[nodiscard]] std::optional<BoundedNumber> grams_of(const CarbonRun& run, const CarbonRates& rates);

/// Of all runs together; nullopt unless known of each run whose energy is.
[[nodiscard]] std::optional<BoundedNumber> total_grams(const CarbonView& view);

/// SCI's M of all runs together, in grams; nullopt: not asked for, or a duration is unknown.
[[nodiscard]] std::optional<double> embodied_grams_of(const CarbonView& view);

/// For a terminal.
[[nodiscard]] std::string carbon_text(const CarbonView& view);

/// The lines on CO2 and price alone, to stand below an energy; empty without a known energy.
[[nodiscard]] std::string carbon_summary_text(const CarbonView& view);

/// As JSON, schema version 1; docs/carbon.md lists the fields. What is unknown is null.
[[nodiscard]] std::string carbon_to_json(const CarbonView& view);

/// `co2_eq_emissions` of a Hugging Face model card, as YAML. Throws UsageError when the energy or
/// the intensity is unknown: a card without them would say less than none.
[[nodiscard]] std::string carbon_model_card(const CarbonView& view);

/// The paragraph on energy consumption that Annex XI, section 1, point 2(e) of the EU AI Act asks
/// for. Throws UsageError when the energy is unknown.
[[nodiscard]] std::string carbon_annex_xi(const CarbonView& view);

}  // namespace gradwatt
