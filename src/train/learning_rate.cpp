#include "train/learning_rate.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gradwatt {

double LearningRate::at(double epoch, double max_epochs) const {
  if (epoch < warmup_epochs) {
    return base * epoch / warmup_epochs;
  }
  switch (schedule) {
    case Schedule::constant:
      break;
    case Schedule::step:
      return base * std::pow(step_factor, std::floor(epoch / step_epochs));
    case Schedule::cosine: {
      const double length = max_epochs - warmup_epochs;
      const double done = length > 0 ? std::min(1.0, (epoch - warmup_epochs) / length) : 1.0;
      return base * (1 + std::cos(std::numbers::pi * done)) / 2;
    }
  }
  return base;
}

}  // namespace gradwatt
