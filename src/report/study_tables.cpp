#include "report/study_tables.h"

#include "analyze/study_paper.h"
#include "analyze/study_results.h"
#include "report/columns.h"
#include "report/study_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

using TextRows = std::vector<std::vector<std::string>>;

constexpr std::size_t kTwoAxes = 2;

/// Energies per epoch are shown in J when even the largest is below this.
constexpr double kLeastReadableMwh = 0.1;

struct EpochUnit {
  const char* name = "mWh";
  double joules = kJoulesPerMilliwattHour;
};

EpochUnit unit_for(const StudySweep& sweep) {
  double largest = 0;
  for (const StudySetup& setup : sweep.setups) {
    largest = std::max(largest, setup.epoch_j.value_or(0));
  }
  return largest < kLeastReadableMwh * kJoulesPerMilliwattHour ? EpochUnit{"J", 1} : EpochUnit{};
}

/// The paper's part of Table 2 that belongs to a sweep; nullopt when it shows no such sweep.
std::optional<PaperTable2> paper_part(const StudySweep& sweep) {
  const bool same_grid = sweep.axes.size() == kTwoAxes &&
                         paper_table2("pamap2").mwh_per_epoch.size() == sweep.setups.size();
  if (same_grid && sweep.name == "pamap2-joint") {
    return paper_table2("pamap2");
  }
  if (same_grid && sweep.name == "celeba-identity") {
    return paper_table2("celeba");
  }
  return std::nullopt;
}

/// One row of a batch size: this machine's numbers, then the paper's two machines'.
std::vector<std::string> row_of_table2(const StudySweep& sweep,
                                       std::size_t batch,
                                       const EpochUnit& unit,
                                       const std::optional<PaperTable2>& paper) {
  const std::size_t rates = sweep.axes[1].values.size();
  std::vector<std::string> row{sweep.axes[0].values[batch]};
  for (std::size_t rate = 0; rate < rates; ++rate) {
    const StudySetup& setup = sweep.setups[batch * rates + rate];
    row.push_back(setup.epoch_j ? three_digits(*setup.epoch_j / unit.joules)
                                : absence_words(setup.state));
  }
  if (paper) {
    for (const PaperMachine machine : {&PaperPair::cuda, &PaperPair::mps}) {
      row.emplace_back("│");
      for (std::size_t rate = 0; rate < rates; ++rate) {
        row.push_back(fmt::format("{:.2f}", paper->mwh_per_epoch[batch * rates + rate].*machine));
      }
    }
  }
  return row;
}

std::string shares_words(const StudySweep& sweep,
                         const std::optional<std::vector<double>>& shares,
                         const char* of) {
  if (!shares) {
    return "";
  }
  std::string text = fmt::format("of ln({})", of);
  for (std::size_t axis = 0; axis < shares->size(); ++axis) {
    text += fmt::format("{} {} explains {}",
                        axis == 0 ? "" : ",",
                        sweep.axes[axis].name,
                        percent_words((*shares)[axis]));
  }
  return text + "\n";
}

std::string table2_of(const StudySweep& sweep) {
  const EpochUnit unit = unit_for(sweep);
  const auto paper = paper_part(sweep);
  std::vector<std::string> heading{sweep.axes[0].name};
  heading.insert(heading.end(), sweep.axes[1].values.begin(), sweep.axes[1].values.end());
  if (paper) {
    for (int machine = 0; machine < 2; ++machine) {
      heading.emplace_back("│");
      heading.insert(heading.end(), paper->rates.begin(), paper->rates.end());
    }
  }
  TextRows rows{heading};
  for (std::size_t batch = 0; batch < sweep.axes[0].values.size(); ++batch) {
    rows.push_back(row_of_table2(sweep, batch, unit, paper));
  }
  std::string text = fmt::format("{}, {} per epoch, by {} and {}",
                                 sweep.name,
                                 unit.name,
                                 sweep.axes[0].name,
                                 sweep.axes[1].name);
  text += paper ? " │ paper on CUDA, mWh │ paper on MPS, mWh\n" : "\n";
  text += aligned(rows, all_right(heading.size()));
  text += shares_words(sweep, sweep.epoch_energy_shares, "energy per epoch");
  text += shares_words(sweep, sweep.epochs_shares, "epochs until the early stop");
  return text;
}

std::string metric_words(const std::optional<double>& metric) {
  return metric ? three_digits(*metric) : "–";
}

}  // namespace

std::string study_table1_text(const StudyView& view) {
  if (view.sweeps.empty() || view.sweeps.front().axes.size() != kTwoAxes) {
    return "";
  }
  const StudySweep& sweep = view.sweeps.front();
  const std::size_t rates = sweep.axes[1].values.size();
  std::vector<std::string> heading{sweep.axes[0].name};
  heading.insert(heading.end(), sweep.axes[1].values.begin(), sweep.axes[1].values.end());
  TextRows rows{heading};
  for (std::size_t batch = 0; batch < sweep.axes[0].values.size(); ++batch) {
    rows.push_back({sweep.axes[0].values[batch]});
    for (std::size_t rate = 0; rate < rates; ++rate) {
      rows.back().push_back(std::to_string(batch * rates + rate + 1));
    }
  }
  return fmt::format("Table 1 · the number of each setup, by {} and {}\n",
                     sweep.axes[0].name,
                     sweep.axes[1].name) +
         indented(aligned(rows, all_right(heading.size()))) + "\n";
}

std::string study_table2_text(const StudyView& view) {
  std::string text;
  for (const StudySweep& sweep : view.sweeps) {
    if (sweep.axes.size() == kTwoAxes && sweep.energy_known) {
      text += (text.empty() ? "" : "\n") + table2_of(sweep);
    }
  }
  return text.empty() ? ""
                      : "Table 2 · mean energy per epoch, " + energy_kind_words(view) + "\n" +
                            indented(text) + "\n";
}

std::string study_table3_text(const StudyView& view) {
  const auto result = freezing_result(view.part("unfrozen"), view.part("frozen"));
  if (!result) {
    return "";
  }
  const PaperTable3 paper = paper_table3();
  const auto wh = [](double joules) { return three_digits(joules / kJoulesPerWattHour); };
  const auto row = [&](const char* name, const ParadigmTotal& total, const PaperPair& pair) {
    return std::vector<std::string>{name,
                                    three_digits(total.total_j),
                                    wh(total.total_j),
                                    three_digits(total.epochs),
                                    metric_words(total.best_metric),
                                    fmt::format("{:.2f}", pair.cuda),
                                    fmt::format("{:.2f}", pair.mps)};
  };
  const TextRows rows{
      {"encoder", "J", "Wh", "epochs", "accuracy", "paper CUDA, Wh", "paper MPS, Wh"},
      row("unfrozen", result->unfrozen, paper.unfrozen_wh),
      row("frozen", result->frozen, paper.frozen_wh),
      {"saving",
       percent_words(result->saving()),
       "",
       "",
       "",
       fmt::format("{:.1f} %", paper.savings_percent.cuda),
       fmt::format("{:.1f} %", paper.savings_percent.mps)}};
  return fmt::format(
             "Table 3 · training the classifier with the pretrained encoder, means over {} setups, "
             "{}\n",
             result->frozen.setups,
             energy_kind_words(view)) +
         indented(aligned(rows, {false, true, true, true, true, true, true})) + "\n";
}

std::string study_table4_text(const StudyView& view) {
  const auto result =
      tasks_result(view.part("attributes"), view.part("identity"), view.part("multitask"));
  if (!result) {
    return "";
  }
  const PaperTable4 paper = paper_table4();
  const auto row = [](const char* name, const ParadigmTotal& total, const PaperTask& task) {
    return std::vector<std::string>{
        name,
        three_digits(total.epoch_j / kJoulesPerMilliwattHour),
        three_digits(total.epochs),
        three_digits(total.total_j),
        metric_words(total.best_metric),
        fmt::format("{:.2f} / {:.0f}", task.mwh_per_epoch.cuda, task.epochs.cuda),
        fmt::format("{:.2f} / {:.0f}", task.mwh_per_epoch.mps, task.epochs.mps)};
  };
  const TextRows rows{
      {"task", "mWh per epoch", "epochs", "total J", "accuracy", "paper CUDA", "paper MPS"},
      row("attributes", result->attributes, paper.attributes),
      row("identity", result->identity, paper.identity),
      row("both", result->both, paper.both)};
  const MultitaskSplit& split = result->split;
  return fmt::format(
             "Table 4 · two tasks apart and together, means over {} setups, {} (paper: mWh / "
             "epochs)\n",
             result->both.setups,
             energy_kind_words(view)) +
         indented(aligned(rows, {false, true, true, true, true, true, true}) +
                  fmt::format("both in one training / the two apart = {:.3f} = {:.3f} (epochs) × "
                              "{:.3f} (energy per epoch)\n"
                              "both in one training / the cheaper one alone = {:.3f}\n",
                              split.to_sum,
                              split.epochs,
                              split.epoch_energy,
                              split.to_best_single)) +
         "\n";
}

}  // namespace gradwatt
