#include "train/training_count.h"

#include "base/error.h"

#include <fmt/format.h>

namespace gradwatt {

std::int64_t training_count(const DataPlan& plan, std::int64_t available) {
  const std::int64_t left = available - plan.val_samples;
  if (left < 1) {
    throw UsageError(
        fmt::format("{} leaves nothing of {} images to train on", plan.val_samples, available),
        "--val-samples");
  }
  if (plan.train_samples.value_or(left) > left) {
    throw UsageError(fmt::format("{} are more than the {} images left after {} for validation",
                                 *plan.train_samples,
                                 left,
                                 plan.val_samples),
                     "--train-samples",
                     fmt::format("take {} or fewer", left));
  }
  return plan.train_samples.value_or(left);
}

}  // namespace gradwatt
