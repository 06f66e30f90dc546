#include "report/study_csv.h"

#include "analyze/relative_to_worst.h"
#include "analyze/study_paper.h"
#include "analyze/study_results.h"
#include "report/csv_rows.h"

#include <algorithm>

namespace gradwatt {
namespace {

/// "setup,batch,lr" of one setup: how every row about a setup begins.
CsvRow setup_fields(const StudySweep& sweep, std::size_t setup) {
  CsvRow row{std::to_string(setup + 1)};
  row.insert(row.end(), sweep.setups[setup].values.begin(), sweep.setups[setup].values.end());
  return row;
}

/// The heading of such rows; the sweep in front only if there are several.
CsvRow setup_heading(const StudyView& view, CsvRow more) {
  CsvRow row{"setup"};
  if (!view.sweeps.empty()) {
    for (const GridAxis& axis : view.sweeps.front().axes) {
      row.push_back(axis.name);
    }
  }
  row.insert(row.end(), more.begin(), more.end());
  return row;
}

CsvRow with_sweep(std::string name, CsvRow row) {
  row.insert(row.begin(), std::move(name));
  return row;
}

void append_fields(CsvRow& row, std::initializer_list<std::string> fields) {
  row.insert(row.end(), fields);
}

std::optional<double> bound(const StudySetup& setup, double Interval::*end) {
  return setup.total_j && setup.total_j->interval ? std::optional((*setup.total_j->interval).*end)
                                                  : std::nullopt;
}

std::optional<double> total_j(const StudySetup& setup) {
  return setup.total_j ? std::optional(setup.total_j->value) : std::nullopt;
}

std::string csv_table1(const StudyView& view) {
  std::vector<CsvRow> rows{setup_heading(view, {})};
  if (!view.sweeps.empty()) {
    for (std::size_t i = 0; i < view.sweeps.front().setups.size(); ++i) {
      rows.push_back(setup_fields(view.sweeps.front(), i));
    }
  }
  return csv_text(rows);
}

/// The paper's cells for a sweep, or none.
std::vector<PaperPair> paper_cells(const StudySweep& sweep) {
  const std::string dataset = sweep.name == "pamap2-joint"      ? "pamap2"
                              : sweep.name == "celeba-identity" ? "celeba"
                                                                : "";
  return dataset.empty() ? std::vector<PaperPair>{} : paper_table2(dataset).mwh_per_epoch;
}

std::string csv_table2(const StudyView& view) {
  std::vector<CsvRow> rows{with_sweep("sweep",
                                      setup_heading(view,
                                                    {"state",
                                                     "runs",
                                                     "energy_per_epoch_j",
                                                     "epochs",
                                                     "total_j",
                                                     "total_lo_j",
                                                     "total_hi_j",
                                                     "metric",
                                                     "metric_best",
                                                     "paper_cuda_mwh",
                                                     "paper_mps_mwh"}))};
  for (const StudySweep& sweep : view.sweeps) {
    const auto paper = paper_cells(sweep);
    const bool fits = paper.size() == sweep.setups.size();
    for (std::size_t i = 0; i < sweep.setups.size(); ++i) {
      const StudySetup& setup = sweep.setups[i];
      CsvRow row = with_sweep(sweep.name, setup_fields(sweep, i));
      append_fields(row,
                    {name_of(setup.state),
                     std::to_string(setup.finished),
                     csv(setup.epoch_j),
                     csv(setup.epochs),
                     csv(total_j(setup)),
                     csv(bound(setup, &Interval::lo)),
                     csv(bound(setup, &Interval::hi)),
                     sweep.goal ? sweep.goal->metric : "",
                     csv(setup.best_metric),
                     fits ? csv(paper[i].cuda) : "",
                     fits ? csv(paper[i].mps) : ""});
      rows.push_back(std::move(row));
    }
  }
  return csv_text(rows);
}

CsvRow total_fields(const char* name, const ParadigmTotal& total) {
  return {name,
          std::to_string(total.setups),
          csv(total.epoch_j),
          csv(total.epochs),
          csv(total.total_j),
          csv(total.best_metric)};
}

std::string csv_table3(const StudyView& view) {
  std::vector<CsvRow> rows{{"encoder",
                            "setups",
                            "energy_per_epoch_j",
                            "epochs",
                            "total_j",
                            "metric_best",
                            "paper_cuda_wh",
                            "paper_mps_wh"}};
  const PaperTable3 paper = paper_table3();
  if (const auto result = freezing_result(view.part("unfrozen"), view.part("frozen"))) {
    rows.push_back(total_fields("unfrozen", result->unfrozen));
    append_fields(rows.back(), {csv(paper.unfrozen_wh.cuda), csv(paper.unfrozen_wh.mps)});
    rows.push_back(total_fields("frozen", result->frozen));
    append_fields(rows.back(), {csv(paper.frozen_wh.cuda), csv(paper.frozen_wh.mps)});
  }
  return csv_text(rows);
}

std::string csv_table4(const StudyView& view) {
  std::vector<CsvRow> rows{{"task",
                            "setups",
                            "energy_per_epoch_j",
                            "epochs",
                            "total_j",
                            "metric_best",
                            "paper_cuda_mwh_per_epoch",
                            "paper_cuda_epochs",
                            "paper_mps_mwh_per_epoch",
                            "paper_mps_epochs"}};
  const PaperTable4 paper = paper_table4();
  const auto add = [&](const char* name, const ParadigmTotal& total, const PaperTask& task) {
    rows.push_back(total_fields(name, total));
    append_fields(rows.back(),
                  {csv(task.mwh_per_epoch.cuda),
                   csv(task.epochs.cuda),
                   csv(task.mwh_per_epoch.mps),
                   csv(task.epochs.mps)});
  };
  if (const auto result =
          tasks_result(view.part("attributes"), view.part("identity"), view.part("multitask"))) {
    add("attributes", result->attributes, paper.attributes);
    add("identity", result->identity, paper.identity);
    add("both", result->both, paper.both);
  }
  return csv_text(rows);
}

std::string csv_figure3(const StudyView& view) {
  std::vector<CsvRow> rows{with_sweep("sweep", setup_heading(view, {"total_j", "share_of_worst"}))};
  for (const char* part : {"joint", "identity"}) {
    const StudySweep* sweep = view.part(part);
    if (sweep == nullptr) {
      continue;
    }
    std::vector<std::optional<double>> totals;
    for (const StudySetup& setup : sweep->setups) {
      totals.push_back(total_j(setup));
    }
    const auto shares = relative_to_worst(totals);
    for (std::size_t i = 0; i < totals.size(); ++i) {
      rows.push_back(with_sweep(sweep->name, setup_fields(*sweep, i)));
      append_fields(rows.back(), {csv(totals[i]), csv(shares[i])});
    }
  }
  return csv_text(rows);
}

/// The study draws up to 43 cycles.
constexpr int kCyclesWritten = 50;

std::string csv_figure4(const StudyView& view) {
  std::vector<CsvRow> rows{{"case", "setup", "break_even", "cycle", "reuse_j", "scratch_j"}};
  const auto result = reuse_result(view.part("pretrain"), view.part("joint"), view.part("frozen"));
  if (!result) {
    return csv_text(rows);
  }
  const auto add = [&](const char* name,
                       const std::string& setup,
                       const EncoderReuse& energies,
                       const std::optional<double>& cycles) {
    for (int cycle = 0; cycle <= kCyclesWritten; ++cycle) {
      rows.push_back({name,
                      setup,
                      csv(cycles),
                      std::to_string(cycle),
                      csv(energies.encoder_j.value + cycle * energies.classifier_j.value),
                      csv(cycle * energies.joint_j.value)});
    }
  };
  const BreakEvenSummary& summary = result->summary;
  for (const auto& [name, index] :
       {std::pair("best", summary.best), std::pair("worst", summary.worst)}) {
    if (index) {
      add(name,
          std::to_string(result->setups[*index] + 1),
          result->energies[*index],
          summary.setups[*index].cycles);
    }
  }
  add("average", "", result->mean, summary.ratio_of_means);
  return csv_text(rows);
}

std::string csv_figure5(const StudyView& view) {
  std::vector<CsvRow> rows{setup_heading(view, {"attributes_j", "identity_j", "sum_j", "both_j"})};
  const StudySweep* attributes = view.part("attributes");
  const StudySweep* identity = view.part("identity");
  const StudySweep* both = view.part("multitask");
  if (const auto result = tasks_result(attributes, identity, both)) {
    for (const std::size_t i : result->setups) {
      const double a = *total_j(attributes->setups[i]);
      const double b = *total_j(identity->setups[i]);
      rows.push_back(setup_fields(*both, i));
      append_fields(rows.back(), {csv(a), csv(b), csv(a + b), csv(total_j(both->setups[i]))});
    }
  }
  return csv_text(rows);
}

}  // namespace

std::vector<StudyFile> study_csv_files(const StudyView& view) {
  return {{"table1.csv", csv_table1(view)},
          {"table2.csv", csv_table2(view)},
          {"table3.csv", csv_table3(view)},
          {"table4.csv", csv_table4(view)},
          {"figure3.csv", csv_figure3(view)},
          {"figure4.csv", csv_figure4(view)},
          {"figure5.csv", csv_figure5(view)}};
}

}  // namespace gradwatt
