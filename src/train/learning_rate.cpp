#include "train/learning_rate.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gradwatt {
namespace {

double warming_up(const LearningRate& rate, double peak, double epoch) {
  const double start = std::min(rate.base, peak);
  switch (rate.warmup) {
    case WarmUp::ramp:
      break;
    case WarmUp::gradual:
      return start + epoch / rate.warmup_epochs * (peak - start);
    case WarmUp::per_epoch:
      return start + std::floor(epoch) / rate.warmup_epochs * (peak - start);
  }
  return peak * epoch / rate.warmup_epochs;
}

/// The part of the time after the warm-up that is over, from 0 to 1.
double share_done(const LearningRate& rate, const TrainingPoint& point) {
  const double length = point.max_epochs - rate.warmup_epochs;
  return length > 0 ? std::min(1.0, (point.epoch - rate.warmup_epochs) / length) : 1.0;
}

double after_milestones(const LearningRate& rate, const TrainingPoint& point) {
  const auto passed =
      std::count_if(rate.milestones.begin(), rate.milestones.end(), [&](double share) {
        return std::round(share * point.max_epochs) <= std::floor(point.epoch);
      });
  return std::pow(rate.step_factor, static_cast<double>(passed));
}

}  // namespace

double LearningRate::peak(std::int64_t batch) const {
  return for_batch > 0 ? base * static_cast<double>(batch) / static_cast<double>(for_batch) : base;
}

double LearningRate::at(const TrainingPoint& point) const {
  const double highest = peak(point.batch);
  if (point.epoch < warmup_epochs) {
    return warming_up(*this, highest, point.epoch);
  }
  switch (schedule) {
    case Schedule::constant:
      break;
    case Schedule::step:
      return highest * std::pow(step_factor, std::floor(point.epoch / step_epochs));
    case Schedule::cosine:
      return highest * (1 + std::cos(std::numbers::pi * share_done(*this, point))) / 2;
    case Schedule::milestones:
      return highest * after_milestones(*this, point);
    case Schedule::poly:
      return end + (highest - end) * std::pow(1 - share_done(*this, point), poly_power);
    case Schedule::plateau:
      return highest * point.plateau;
  }
  return highest;
}

}  // namespace gradwatt
