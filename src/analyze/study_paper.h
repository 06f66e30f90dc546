#pragma once

#include "analyze/table.h"

#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

/// One mWh, and one Wh, in joules: the units of study 1.
inline constexpr double kJoulesPerMilliwattHour = 3.6;
inline constexpr double kJoulesPerWattHour = 3600;

/// A number of study 1 on its two machines (cuda: RTX 6000 Ada, mps: M1 Max).
struct PaperPair {
  double cuda = 0;
  double mps = 0;
};

/// Table 2 of one data set: energy per epoch of 16 setups, row-major, the batch slowest.
struct PaperTable2 {
  std::vector<std::string> batches;
  std::vector<std::string> rates;
  std::vector<PaperPair> mwh_per_epoch;
};

/// Table 3: energy of training the classifier with the pretrained encoder.
struct PaperTable3 {
  PaperPair unfrozen_wh;
  PaperPair frozen_wh;
  PaperPair savings_percent;  ///< As printed, not as the two rows give it.
};

/// One row of Table 4.
struct PaperTask {
  PaperPair mwh_per_epoch;
  PaperPair epochs;

  /// Energy of the whole training: energy per epoch times epochs, in Wh.
  /// Example  Attributes, CUDA: 22.47 mWh x 368 = 8.27 Wh.
  [[nodiscard]] PaperPair total_wh() const;
};
struct PaperTable4 {
  PaperTask attributes;
  PaperTask identity;
  PaperTask both;
};

/// The tables as the paper prints them, from src/analyze/fixtures, which are in the program.
/// Takes   dataset: "pamap2" or "celeba".
[[nodiscard]] PaperTable2 paper_table2(std::string_view dataset);
[[nodiscard]] PaperTable3 paper_table3();
[[nodiscard]] PaperTable4 paper_table4();

/// Which of the study's two machines.
using PaperMachine = double PaperPair::*;

/// Table 2 as runs of one epoch each, mWh turned into joules, for the functions that judge sweeps.
[[nodiscard]] std::vector<RunRow> paper_table2_runs(std::string_view dataset, PaperMachine machine);

/// Mean of Table 2 over its 16 setups. Example  CelebA on CUDA: 41.36 mWh.
[[nodiscard]] PaperPair mean_of(const PaperTable2& table);

}  // namespace gradwatt
