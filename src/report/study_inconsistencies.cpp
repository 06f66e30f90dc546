#include "report/study_inconsistencies.h"

#include "analyze/grid.h"
#include "analyze/relative_to_worst.h"
#include "analyze/study_paper.h"
#include "analyze/suspicious_setups.h"
#include "base/expects.h"
#include "report/study_words.h"

#include <fmt/format.h>

#include <algorithm>

namespace gradwatt {
namespace {

/// The board power limit of an RTX 6000 Ada, from its data sheet: no epoch drew more for long.
constexpr double kBoardLimitW = 300;
constexpr double kSampleEveryS = 1;

/// Sum over n + 1 samples, divided by n.
double equation1_bias(double n) { return (n + 1) / n - 1; }

StudyInconsistency equation1() {
  constexpr double kFew = 10;
  const double at_one = equation1_bias(1);
  return {"Equation 1",
          fmt::format("sums power(k, n) over i = 0..n, so n + 1 samples, and divides by n: {} too "
                      "much with n = 1, {} with n = {:.0f}, undefined with n = 0; the index in the "
                      "sum should be i",
                      percent_words(at_one),
                      percent_words(equation1_bias(kFew)),
                      kFew),
          at_one,
          "relative bias with n = 1"};
}

StudyInconsistency sampling() {
  const PaperTable2 table = paper_table2("celeba");
  double shortest = 1e9;
  double longest = 0;
  for (const PaperPair& cell : table.mwh_per_epoch) {
    const double seconds = cell.cuda * kJoulesPerMilliwattHour / kBoardLimitW;
    shortest = std::min(shortest, seconds);
    longest = std::max(longest, seconds);
  }
  return {"Sampling",
          fmt::format("one sample per {:.0f} s, but an epoch of CelebA on CUDA takes {:.0f} to "
                      "{:.0f} J, which is {:.2f} to {:.2f} s at the card's limit of {:.0f} W: at "
                      "most one sample falls into an epoch",
                      kSampleEveryS,
                      shortest * kBoardLimitW,
                      longest * kBoardLimitW,
                      shortest,
                      longest,
                      kBoardLimitW),
          longest,
          "seconds of the longest CelebA epoch on CUDA at the board's limit"};
}

StudyInconsistency odd_cell() {
  const auto runs = paper_table2_runs("pamap2", &PaperPair::mps);
  const Grid grid = grid_of(runs, {}, std::nullopt);
  const auto suspicious = suspicious_setups(grid);
  expects(suspicious.size() == 1, "one number of Table 2c stands out");
  // The grid's axes are sorted upwards, the table's learning rates downwards: find by value.
  const double odd = grid.setups[suspicious[0].setup].energies_per_epoch_j[0];
  std::string equals;
  std::string here;
  for (const RunRow& run : runs) {
    if (*run.epochs[0].energy_j == odd) {
      const std::string words =
          fmt::format("batch {}, lr {}", run.factors[0].second, run.factors[1].second);
      (here.empty() ? here : equals) = words;
    }
  }
  return {"Table 2c",
          fmt::format("PAMAP2 on MPS, {}: {:.2f} mWh is {} above what its row and column say "
                      "(robust z = {:.0f}), and equals the number at {}: probably a misprint",
                      here,
                      odd / kJoulesPerMilliwattHour,
                      percent_words(suspicious[0].excess),
                      suspicious[0].robust_z,
                      equals),
          suspicious[0].excess,
          "excess over row and column"};
}

StudyInconsistency swapped_columns() {
  const PaperPair mean = mean_of(paper_table2("celeba"));
  const PaperPair both = paper_table4().both.mwh_per_epoch;
  return {"Table 4",
          fmt::format("its columns are exchanged against Table 2: the mean of Table 2b (CUDA) is "
                      "{:.2f} mWh and Table 4 has {:.2f} for both tasks on MPS; the mean of 2d "
                      "(MPS) is {:.2f} and Table 4 has {:.2f} on CUDA. So one of the two has the "
                      "machines the wrong way round, and Table 2 b and d show both tasks, although "
                      "the text says identities only",
                      mean.cuda,
                      both.mps,
                      mean.mps,
                      both.cuda),
          mean.cuda - both.mps,
          "mean of Table 2b minus Table 4, both on MPS, mWh"};
}

StudyInconsistency cited_as_figure() {
  const PaperTable3 table = paper_table3();
  const double saving = 1 - table.frozen_wh.cuda / table.unfrozen_wh.cuda;
  return {"Citations",
          fmt::format("the saving of {} by freezing is cited \"as shown in figure 3\" and stands "
                      "in Table 3; the energies of Table 4 are cited as figure 4",
                      percent_words(saving)),
          saving,
          "saving that Table 3 shows on CUDA"};
}

StudyInconsistency saving_on_mps() {
  const PaperTable3 table = paper_table3();
  const double saving = 1 - table.frozen_wh.mps / table.unfrozen_wh.mps;
  return {"Table 3",
          fmt::format("prints a saving of {:.1f} % on MPS; its rows of {:.2f} and {:.2f} Wh give "
                      "{}",
                      table.savings_percent.mps,
                      table.unfrozen_wh.mps,
                      table.frozen_wh.mps,
                      percent_words(saving)),
          saving,
          "saving from the printed rows"};
}

StudyInconsistency decoder_for_classifier() {
  constexpr double kDecoders = 0;
  return {
      "Encoder and decoder",
      "the baseline on PAMAP2 is said to train \"an encoder and a decoder\" in one run; Equation "
      "2 calls its energy E_Enc+Class, and only a classifier has an accuracy: read classifier",
      kDecoders,
      "decoders in the training that Equation 2 calls E_Enc+Class"};
}

StudyInconsistency epoch_energy_is_not_enough() {
  std::vector<std::optional<double>> energies;
  for (const PaperPair& cell : paper_table2("pamap2").mwh_per_epoch) {
    energies.emplace_back(cell.cuda);
  }
  const double best = *best_share(energies);
  constexpr double kClaimed = 0.2;
  return {"Savings of 80 %",
          fmt::format("energy per epoch alone allows {} of the worst setup at best (Table 2a), so "
                      "{} needs {:.1f} times fewer epochs as well, and no table shows epochs by "
                      "setup, nor the accuracy that was reached",
                      percent_words(best),
                      percent_words(kClaimed),
                      best / kClaimed),
          best,
          "least over largest energy per epoch of Table 2a"};
}

}  // namespace

std::vector<StudyInconsistency> study_inconsistencies() {
  return {equation1(),
          sampling(),
          odd_cell(),
          swapped_columns(),
          saving_on_mps(),
          cited_as_figure(),
          decoder_for_classifier(),
          epoch_energy_is_not_enough()};
}

std::string study_inconsistencies_text() {
  return "The paper's inconsistencies\n" + inconsistency_lines(study_inconsistencies());
}

}  // namespace gradwatt
