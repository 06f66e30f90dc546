#include "base/error.h"
#include "data/pamap2.h"
#include "train/datasets/catalog.h"

#include <fmt/format.h>

namespace gradwatt {
namespace {

DataPart window_part(SensorWindows windows) {
  DataPart part;
  part.classes.assign(windows.labels.begin(), windows.labels.end());
  part.inputs = std::move(windows.values);
  return part;
}

TrainingData load_pamap2_data(const DataPlan& plan) {
  Pamap2Options options = plan.pamap2;
  options.folder = plan.folder;
  options.seed = plan.seed;
  options.cache = plan.cache;
  WindowData windows = load_pamap2(options);
  if (plan.train_samples && *plan.train_samples > windows.train.count()) {
    throw UsageError(fmt::format("{} are more than the {} windows to train on",
                                 *plan.train_samples,
                                 windows.train.count()),
                     "--train-samples");
  }
  if (plan.train_samples) {
    windows.train = pick(windows.train, *plan.train_samples, plan.seed);
  }
  TrainingData data;
  data.shape = {windows.train.channels, 0, windows.train.length};
  data.classes = static_cast<int>(windows.class_names.size());
  data.train = window_part(std::move(windows.train));
  data.validation = window_part(std::move(windows.validation));
  data.test = window_part(std::move(windows.test));
  data.notes = std::move(windows.notes);
  return data;
}

}  // namespace

Dataset pamap2_data() {
  return {"pamap2",
          "motion sensors on hand, chest and ankle of nine people, 12 activities (Reiss, Stricker)",
          "PAMAP2_Dataset",
          load_pamap2_data};
}

}  // namespace gradwatt
