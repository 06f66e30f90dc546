#include "analyze/study_paper.h"

#include "analyze/fixture_rows.h"
#include "base/expects.h"

#include <algorithm>

namespace gradwatt {

extern const char* const embedded_study1_table2_csv;  // fixtures/study1_table2.csv
extern const char* const embedded_study1_table3_csv;  // fixtures/study1_table3.csv
extern const char* const embedded_study1_table4_csv;  // fixtures/study1_table4.csv

namespace {

using PaperRow = std::vector<std::string>;

const PaperRow& row_named(const std::vector<PaperRow>& rows, std::string_view name) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const PaperRow& row) { return row[0] == name; });
  expects(found != rows.end(), "the fixture has all rows of the table");
  return *found;
}

void add_once(std::vector<std::string>& list, const std::string& text) {
  if (std::find(list.begin(), list.end(), text) == list.end()) {
    list.push_back(text);
  }
}

}  // namespace

PaperPair PaperTask::total_wh() const {
  constexpr double kMilli = 1e-3;
  return {mwh_per_epoch.cuda * epochs.cuda * kMilli, mwh_per_epoch.mps * epochs.mps * kMilli};
}

PaperTable2 paper_table2(std::string_view dataset) {
  PaperTable2 table;
  std::vector<double> mps;
  for (const PaperRow& row : fixture_rows(embedded_study1_table2_csv)) {
    if (row[1] != dataset) {
      continue;
    }
    const double mwh = std::stod(row[5]);
    if (row[2] == "cuda") {
      add_once(table.batches, row[3]);
      add_once(table.rates, row[4]);
      table.mwh_per_epoch.push_back({mwh, 0});
    } else {
      mps.push_back(mwh);
    }
  }
  expects(table.mwh_per_epoch.size() == mps.size(), "both machines have every setup");
  for (std::size_t i = 0; i < mps.size(); ++i) {
    table.mwh_per_epoch[i].mps = mps[i];
  }
  return table;
}

PaperTable3 paper_table3() {
  const auto rows = fixture_rows(embedded_study1_table3_csv);
  const auto pair = [&](std::string_view name) {
    const PaperRow& row = row_named(rows, name);
    return PaperPair{std::stod(row[1]), std::stod(row[2])};
  };
  return {pair("unfrozen"), pair("frozen"), pair("savings_percent")};
}

PaperTable4 paper_table4() {
  const auto rows = fixture_rows(embedded_study1_table4_csv);
  const auto task = [&](std::string_view name) {
    const PaperRow& row = row_named(rows, name);
    return PaperTask{{std::stod(row[1]), std::stod(row[3])},
                     {std::stod(row[2]), std::stod(row[4])}};
  };
  return {task("attributes"), task("identity"), task("both")};
}

std::vector<RunRow> paper_table2_runs(std::string_view dataset, PaperMachine machine) {
  const PaperTable2 table = paper_table2(dataset);
  std::vector<RunRow> runs;
  for (std::size_t i = 0; i < table.mwh_per_epoch.size(); ++i) {
    RunRow run;
    run.run = "setup-" + std::to_string(i + 1);
    run.factors = {{"batch", table.batches[i / table.rates.size()]},
                   {"lr", table.rates[i % table.rates.size()]}};
    run.epochs = {EpochRow{0, table.mwh_per_epoch[i].*machine * kJoulesPerMilliwattHour, 1, {}}};
    run.outside_epochs_j = 0;
    runs.push_back(std::move(run));
  }
  return runs;
}

PaperPair mean_of(const PaperTable2& table) {
  PaperPair sum;
  for (const PaperPair& one : table.mwh_per_epoch) {
    sum.cuda += one.cuda;
    sum.mps += one.mps;
  }
  const auto n = static_cast<double>(table.mwh_per_epoch.size());
  return {sum.cuda / n, sum.mps / n};
}

}  // namespace gradwatt
