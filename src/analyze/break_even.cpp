#include "analyze/break_even.h"

#include "analyze/fieller.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace gradwatt {
namespace {

double saved_each(const EncoderReuse& reuse) {
  return reuse.joint_j.value - reuse.classifier_j.value;
}

bool has_scatter(const EncoderReuse& reuse) {
  return reuse.encoder_j.variance && reuse.joint_j.variance && reuse.classifier_j.variance &&
         *reuse.encoder_j.variance + *reuse.joint_j.variance + *reuse.classifier_j.variance > 0;
}

/// Degrees of freedom of `encoder` E_enc - `cycles` (E_joint - E_class).
double df_of_balance(const EncoderReuse& reuse, double encoder, double cycles) {
  const auto term = [](const RepeatedMean& mean, double factor) {
    return VarianceTerm{factor * factor * mean.variance.value_or(0), mean.n - 1.0};
  };
  const std::array terms{term(reuse.encoder_j, encoder),
                         term(reuse.joint_j, cycles),
                         term(reuse.classifier_j, cycles)};
  return satterthwaite_df(terms);
}

/// What the set says of the number of trainings, which is not below 0.
BreakEven answer_from(const FiellerSet& set, std::optional<double> cycles) {
  BreakEven result;
  result.cycles = cycles;
  if (set.shape == FiellerSet::Shape::between) {
    result.answer = cycles ? BreakEvenAnswer::pays_off : BreakEvenAnswer::never;
    if (cycles) {
      result.lo = std::max(0.0, set.lo);
      result.hi = set.hi;
    }
    return result;
  }
  result.answer = BreakEvenAnswer::not_established;
  result.may_never = true;
  const bool has_floor = set.shape == FiellerSet::Shape::beyond && set.lo < 0;
  result.lo = has_floor && std::isfinite(set.hi) ? std::max(0.0, set.hi) : 0.0;
  return result;
}

BreakEven from_means(std::optional<double> cycles) {
  BreakEven result;
  result.cycles = cycles;
  result.answer = cycles ? BreakEvenAnswer::pays_off : BreakEvenAnswer::never;
  return result;
}

/// The average over setups, whose differences are the scatter.
BreakEven average_of(std::span<const EncoderReuse> setups, std::optional<double> cycles) {
  const auto n = static_cast<double>(setups.size());
  RatioMoments moments;
  for (const EncoderReuse& reuse : setups) {
    moments.numerator += reuse.encoder_j.value / n;
    moments.denominator += saved_each(reuse) / n;
  }
  for (const EncoderReuse& reuse : setups) {
    const double e = reuse.encoder_j.value - moments.numerator;
    const double d = saved_each(reuse) - moments.denominator;
    moments.numerator_variance += e * e / (n * (n - 1));
    moments.denominator_variance += d * d / (n * (n - 1));
    moments.covariance += e * d / (n * (n - 1));
  }
  if (moments.numerator_variance + moments.denominator_variance == 0) {
    return from_means(cycles);
  }
  return answer_from(fieller_set(moments, student_t(n - 1)), cycles);
}

}  // namespace

std::optional<double> break_even(double encoder, double joint, double classifier) {
  const double saved = joint - classifier;
  return saved > 0 ? std::optional(encoder / saved) : std::nullopt;
}

double whole_cycles(double cycles) {
  constexpr double kRounding = 1e-9;  // 4.0000000001 comes from the arithmetic, not from a fifth.
  return std::max(1.0, std::ceil(cycles * (1 - kRounding)));
}

const char* name_of(BreakEvenAnswer answer) {
  switch (answer) {
    case BreakEvenAnswer::pays_off:
      return "pays_off";
    case BreakEvenAnswer::never:
      return "never";
    case BreakEvenAnswer::not_established:
      break;
  }
  return "not_established";
}

BreakEven break_even_of(const EncoderReuse& reuse) {
  const auto cycles =
      break_even(reuse.encoder_j.value, reuse.joint_j.value, reuse.classifier_j.value);
  if (!has_scatter(reuse)) {
    return from_means(cycles);
  }
  const RatioMoments moments{reuse.encoder_j.value,
                             saved_each(reuse),
                             *reuse.encoder_j.variance,
                             *reuse.joint_j.variance + *reuse.classifier_j.variance,
                             0};
  const bool only_encoder_scatters = moments.denominator_variance == 0;
  const double df = cycles || only_encoder_scatters ? df_of_balance(reuse, 1, cycles.value_or(0))
                                                    : df_of_balance(reuse, 0, 1);
  return answer_from(fieller_set(moments, student_t(df)), cycles);
}

Estimate net_gain(const EncoderReuse& reuse, double cycles) {
  Estimate gain;
  gain.value = cycles * saved_each(reuse) - reuse.encoder_j.value;
  gain.n = std::min({reuse.encoder_j.n, reuse.joint_j.n, reuse.classifier_j.n});
  if (has_scatter(reuse)) {
    const double variance =
        *reuse.encoder_j.variance +
        cycles * cycles * (*reuse.joint_j.variance + *reuse.classifier_j.variance);
    if (variance > 0) {
      const double half = student_t(df_of_balance(reuse, 1, cycles)) * std::sqrt(variance);
      gain.interval = Interval{gain.value - half, gain.value + half};
    }
  }
  return gain;
}

Estimate average_net_gain(std::span<const EncoderReuse> setups, double cycles) {
  if (setups.size() == 1) {
    return net_gain(setups.front(), cycles);
  }
  std::vector<double> gains;
  for (const EncoderReuse& reuse : setups) {
    gains.push_back(net_gain(reuse, cycles).value);
  }
  const RepeatedMean mean = repeated_mean(gains);
  Estimate gain{mean.value, std::nullopt, mean.n};
  if (mean.variance && *mean.variance > 0) {
    const double half = student_t(mean.n - 1) * std::sqrt(*mean.variance);
    gain.interval = Interval{gain.value - half, gain.value + half};
  }
  return gain;
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
    summary.average =
        setups.size() == 1 ? summary.setups.front() : average_of(setups, summary.ratio_of_means);
  }
  return summary;
}

}  // namespace gradwatt
