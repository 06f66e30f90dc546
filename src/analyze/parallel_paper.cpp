#include "analyze/parallel_paper.h"

#include "analyze/fixture_rows.h"
#include "base/expects.h"

#include <algorithm>

namespace gradwatt {

extern const char* const embedded_study2_weak_scaling_csv;  // fixtures/study2_weak_scaling.csv

namespace {

std::string series_named(const std::string& published) {
  if (published == "ws_gbs_256") {
    return "global";
  }
  if (published == "ws_gbs_8k") {
    return "large";
  }
  expects(published == "ws_lbs_256", "a series of the fixture");
  return "local";
}

}  // namespace

std::vector<PaperTraining> paper_trainings() {
  std::vector<PaperTraining> trainings;
  for (const auto& row : fixture_rows(embedded_study2_weak_scaling_csv)) {
    const auto number = [&](std::size_t column) { return std::stod(row.at(column)); };
    PaperTraining& one = trainings.emplace_back();
    one.series = series_named(row[0]);
    one.local_batch = std::stoi(row[2]);
    one.global_batch = std::stoi(row[3]);
    one.samples_per_epoch = number(4);
    const double epochs = number(5);
    one.training.devices = number(1);
    one.training.nodes = number(6);
    one.training.samples = one.samples_per_epoch * epochs;
    one.training.updates = number(7);
    one.training.energy_j = number(8) * kJoulesPerKilowattHour;
    one.training.time_s = number(10) * kSecondsPerHour / one.training.devices;
    one.energy_deviation_j = number(9) * kJoulesPerKilowattHour;
    one.device_hours_deviation = number(11);
  }
  return trainings;
}

std::vector<ParallelTraining> distinct_paper_trainings() {
  std::vector<ParallelTraining> rows;
  for (const PaperTraining& one : paper_trainings()) {
    const bool known = std::any_of(rows.begin(), rows.end(), [&](const ParallelTraining& row) {
      return row.devices == one.training.devices && row.samples == one.training.samples &&
             row.updates == one.training.updates;
    });
    if (!known) {
      rows.push_back(one.training);
    }
  }
  return rows;
}

}  // namespace gradwatt
