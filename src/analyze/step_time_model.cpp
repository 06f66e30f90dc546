#include "analyze/step_time_model.h"

#include "analyze/nonnegative_fit.h"
#include "analyze/parallel_paper.h"
#include "base/expects.h"

#include <algorithm>
#include <cmath>

namespace gradwatt {

double StepTimeModel::time_s(const EpochWork& work) const {
  return epoch_s + step_s * work.steps + sample_s * work.samples_per_device;
}

StepTimeModel fit_step_time(std::span<const EpochWork> epochs) {
  constexpr std::size_t kCoefficients = 3;
  expects(epochs.size() >= kCoefficients, "an epoch for each coefficient");
  std::vector<FitRow> rows;
  for (const EpochWork& epoch : epochs) {
    const double t = epoch.time_s;
    rows.push_back({{1 / t, epoch.steps / t, epoch.samples_per_device / t}, 1});
  }
  const std::vector<double> found = nonnegative_fit(rows);
  StepTimeModel model{found[0], found[1], found[2]};
  for (const EpochWork& epoch : epochs) {
    const double miss = std::abs(model.time_s(epoch) / epoch.time_s - 1);
    model.mean_error += miss / static_cast<double>(epochs.size());
    model.error_max = std::max(model.error_max, miss);
  }
  return model;
}

std::vector<EpochWork> paper_epochs() {
  std::vector<EpochWork> epochs;
  for (const ParallelTraining& one : distinct_paper_trainings()) {
    epochs.push_back({one.updates / kPaperEpochs,
                      one.samples / one.devices / kPaperEpochs,
                      one.time_s / kPaperEpochs});
  }
  return epochs;
}

}  // namespace gradwatt
