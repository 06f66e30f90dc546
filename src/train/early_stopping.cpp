#include "train/early_stopping.h"

#include "base/expects.h"

#include <cmath>

namespace gradwatt {

EarlyStopping::Verdict EarlyStopping::judge(int epoch, double value) {
  expects(std::isfinite(value), "a finite metric");
  const double sign = higher_is_better(rule_.monitor) ? 1 : -1;

  is_best_ = !best_ || sign * (value - *best_) > 0;
  if (is_best_) {
    best_ = value;
    best_epoch_ = epoch;
  }
  if (!bar_ || sign * (value - *bar_) > rule_.min_delta) {
    bar_ = value;
    epochs_without_progress_ = 0;
  } else {
    ++epochs_without_progress_;
  }

  if (rule_.stop_at && sign * (value - *rule_.stop_at) >= 0) {
    return Verdict::reached;
  }
  if (rule_.patience && epochs_without_progress_ >= *rule_.patience) {
    return Verdict::no_progress;
  }
  return Verdict::go_on;
}

}  // namespace gradwatt
