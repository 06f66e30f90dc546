#pragma once

#include "analyze/compared_sides.h"
#include "analyze/factor_split.h"
#include "analyze/side_contrast.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gradwatt {

/// How runs are to be compared.
struct ComparisonPlan {
  std::optional<Goal> goal;
  std::vector<MetricChoice> metrics;
  double band = 0.05;           ///< A ratio that is still no difference, minus 1.
  double accuracy_band = 0.01;  ///< A difference of a metric that is still none.
  bool paired = false;          ///< Runs of equal repeat are compared with each other.
};

/// A side as a report shows it.
struct ComparedSide {
  std::string name;
  std::vector<std::string> runs;  ///< Ids of the finished ones: those that are compared.
  int failed = 0;
  int unfinished = 0;
  int reached = 0;         ///< Of the finished, where there is a goal.
  bool estimated = false;  ///< Some of its energy comes from a model.
};

struct QuantityContrast {
  RunQuantity quantity = RunQuantity::energy_total;
  SideContrast contrast;
};

struct MetricContrast {
  MetricChoice metric;
  SideContrast contrast;
  double worse_by = 0;        ///< How much worse the side is; negative: better.
  bool beyond_band = false;   ///< Worse by more than the accuracy band.
  bool within_shown = false;  ///< The interval leaves out that it is worse by more than the band.
};

/// A side against the first one.
struct PairComparison {
  std::size_t side = 1;
  std::vector<QuantityContrast> quantities;  ///< Those that are known, in the order of reports.
  std::vector<MetricContrast> metrics;       ///< Likewise.
  std::optional<FactorSplit> split;          ///< Where there are energies to a goal.
  int blocks = 1;                            ///< Settings at which both sides ran.
  int blocks_apart = 0;                      ///< Settings at which only one of them ran.
  /// The sides ran at no equal setting, so that all runs of each are taken together.
  bool nothing_equal = false;
  /// Whether one side was measured as a whole before the other; nullopt when nobody can tell.
  std::optional<bool> measured_apart;

  [[nodiscard]] const SideContrast* find(RunQuantity quantity) const;
  [[nodiscard]] const MetricContrast* find(const std::string& metric) const;
};

struct RunComparison {
  std::vector<ComparedSide> sides;
  std::vector<std::string> block_factors;
  std::optional<GoalLine> line;
  std::vector<PairComparison> pairs;  ///< One for each side but the first.
};

/// Compares every side with the first: each quantity and metric within equal settings, the
/// probabilities of all pairs corrected together (Holm). Only finished runs count.
/// Takes    at least two sides.
/// Example  Two sides of one run each, 80 J and 100 J: the second needs 1.25 times the energy, as
///          it looked once.
[[nodiscard]] RunComparison compare_sides(std::span<const SideRuns> sides,
                                          const ComparisonPlan& plan);

/// What a comparison is about most: energy to the goal, else per epoch, else in total; nullptr when
/// no energy is known.
[[nodiscard]] const QuantityContrast* headline_of(const PairComparison& pair);

}  // namespace gradwatt
