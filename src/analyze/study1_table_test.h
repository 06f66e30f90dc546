#pragma once

#include "analyze/study_paper.h"
#include "analyze/table.h"

#include <array>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace gradwatt {

/// Table 2 of study 1, read from fixtures/study1_table2.csv: a run of one epoch for each setup,
/// with the table's milliwatt-hours turned into joules.
inline std::vector<RunRow> study1_table2(const std::string& dataset, const std::string& device) {
  std::ifstream file(GRADWATT_SOURCE_DIR "/src/analyze/fixtures/study1_table2.csv");
  std::vector<RunRow> runs;
  for (std::string line; std::getline(file, line);) {
    std::array<std::string, 6> fields;
    std::istringstream rest(line);
    for (std::string& field : fields) {
      std::getline(rest, field, ',');
    }
    if (fields[1] != dataset || fields[2] != device) {
      continue;
    }
    RunRow run;
    run.run = "setup-" + fields[0];
    run.factors = {{"batch", fields[3]}, {"lr", fields[4]}};
    run.epochs = {EpochRow{0, std::stod(fields[5]) * kJoulesPerMilliwattHour, 1, {}, true}};
    run.outside_epochs_j = 0;
    runs.push_back(std::move(run));
  }
  if (runs.size() != 16) {
    throw std::runtime_error("Table 2 has 16 setups for each data set and machine");
  }
  return runs;
}

}  // namespace gradwatt
