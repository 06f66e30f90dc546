#pragma once

#include "analyze/carbon_footprint.h"
#include "analyze/paradigm_saving.h"
#include "analyze/table.h"
#include "report/block_notes.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gradwatt {

/// What one way of training saves against others, as a report shows it.
struct SavingView {
  std::string question;                  ///< "multitask" or "freeze".
  std::vector<std::string> kinds;        ///< How the one and the others are called.
  std::optional<ParadigmSaving> saving;  ///< Absent: nothing can be compared; the notes say why.
  std::vector<double> epochs;            ///< Mean of each kind; empty: not known of all.
  std::vector<std::vector<std::string>> runs;  ///< Ids behind each kind.
  std::optional<MetricPair> metric;
  std::vector<std::string> notes;
  bool estimated = false;
  CarbonRates rates;
};

/// What is asked of the runs.
struct SavingQuestion {
  std::string question;
  std::vector<std::string> kinds;
  std::string metric;  ///< Empty: the usual accuracy, for one other kind.
  CarbonRates rates;
};

/// Takes  the runs of the one kind, then of the others, as many as kinds are named.
[[nodiscard]] SavingView saving_view(std::span<const std::vector<RunRow>> kinds,
                                     const SavingQuestion& question);

/// What a person wants to know, and what to do.
[[nodiscard]] std::string saving_text(const SavingView& view);

/// The same as JSON, schema version 1; docs/analysis.md lists the fields. What is unknown is null.
[[nodiscard]] std::string saving_to_json(const SavingView& view);

}  // namespace gradwatt
