#pragma once

#include "analyze/break_even.h"
#include "analyze/carbon_footprint.h"
#include "analyze/table.h"
#include "report/block_notes.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gradwatt {

/// A setup whose encoder is pretrained once and used many times.
struct ReuseSetup {
  std::string name;  ///< "batch 64, lr 1e-2"; empty when there is one.
  EncoderReuse energies;
  std::vector<std::vector<std::string>> runs;  ///< Ids: pretraining, from scratch, with.
};

/// A break-even as a report shows it.
struct ReuseView {
  std::vector<ReuseSetup> setups;  ///< None: nothing can be compared; the notes say why.
  BreakEvenSummary summary;
  std::optional<double> cycles;  ///< How many trainings are planned.
  std::optional<Estimate> net;   ///< What is saved by then, over all setups; absent without.
  std::optional<MetricPair> metric;
  std::vector<std::string> notes;
  bool estimated = false;
  CarbonRates rates;
};

/// What is asked of the runs.
struct ReuseQuestion {
  std::optional<double> cycles;
  std::string metric;  ///< Empty: the usual accuracy.
  CarbonRates rates;
};

/// Takes  three lists of runs: pretraining, from scratch, with the encoder.
[[nodiscard]] ReuseView reuse_view(std::span<const std::vector<RunRow>> kinds,
                                   const ReuseQuestion& question);

/// What a person wants to know, and what to do.
[[nodiscard]] std::string reuse_text(const ReuseView& view);

/// The same as JSON, schema version 1; docs/analysis.md lists the fields. What is unknown is null.
[[nodiscard]] std::string reuse_to_json(const ReuseView& view);

}  // namespace gradwatt
