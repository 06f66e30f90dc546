#include "train/early_stopping.h"

#include "base/expects.h"

#include <cmath>

namespace gradwatt {

EarlyStopping::Verdict EarlyStopping::judge(int epoch, double value) {
  expects(std::isfinite(value), "a finite metric");
  const double sign = higher_is_better(rule_.monitor) ? 1 : -1;

  is_best_ = !memory_.best || sign * (value - *memory_.best) > 0;
  if (is_best_) {
    memory_.best = value;
    memory_.best_epoch = epoch;
  }
  if (!memory_.bar || sign * (value - *memory_.bar) > rule_.min_delta) {
    memory_.bar = value;
    memory_.epochs_without_progress = 0;
  } else {
    ++memory_.epochs_without_progress;
  }

  if (rule_.stop_at && sign * (value - *rule_.stop_at) >= 0) {
    return Verdict::reached;
  }
  if (rule_.patience && memory_.epochs_without_progress >= *rule_.patience) {
    return Verdict::no_progress;
  }
  return Verdict::go_on;
}

}  // namespace gradwatt
