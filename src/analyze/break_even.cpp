#include "analyze/break_even.h"

#include <algorithm>
#include <cmath>

namespace gradwatt {

std::optional<double> break_even(double encoder, double joint, double classifier) {
  const double saved = joint - classifier;
  return saved > 0 ? std::optional(encoder / saved) : std::nullopt;
}

double whole_cycles(double cycles) {
  constexpr double kRounding = 1e-9;  // 4.0000000001 comes from the arithmetic, not from a fifth.
  return std::max(1.0, std::ceil(cycles * (1 - kRounding)));
}

BreakEven break_even_of(const EncoderReuse& reuse) {
  BreakEven result;
  result.cycles = break_even(reuse.encoder_j.value, reuse.joint_j.value, reuse.classifier_j.value);
  const auto& encoder = reuse.encoder_j.interval;
  const auto& joint = reuse.joint_j.interval;
  const auto& classifier = reuse.classifier_j.interval;
  if (!encoder || !joint || !classifier) {
    return result;
  }
  result.lo = break_even(encoder->lo, joint->hi, classifier->lo);
  result.hi = break_even(encoder->hi, joint->lo, classifier->hi);
  result.may_never = !result.hi;
  return result;
}

BreakEvenSummary break_evens(std::span<const EncoderReuse> setups) {
  BreakEvenSummary summary;
  double encoder = 0;
  double joint = 0;
  double classifier = 0;
  double sum = 0;
  int paying = 0;
  for (std::size_t i = 0; i < setups.size(); ++i) {
    const EncoderReuse& reuse = setups[i];
    summary.setups.push_back(break_even_of(reuse));
    encoder += reuse.encoder_j.value;
    joint += reuse.joint_j.value;
    classifier += reuse.classifier_j.value;
    const auto& cycles = summary.setups.back().cycles;
    if (!cycles) {
      ++summary.never;
      continue;
    }
    ++paying;
    sum += *cycles;
    const auto known = [&](std::size_t index) { return *summary.setups[index].cycles; };
    if (!summary.best || *cycles < known(*summary.best)) {
      summary.best = i;
    }
    if (!summary.worst || *cycles > known(*summary.worst)) {
      summary.worst = i;
    }
  }
  if (paying > 0) {
    summary.mean_of_ratios = sum / paying;
  }
  if (!setups.empty()) {
    summary.ratio_of_means = break_even(encoder, joint, classifier);
  }
  return summary;
}

}  // namespace gradwatt
