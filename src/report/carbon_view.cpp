#include "report/carbon_view.h"

namespace gradwatt {
namespace {

void add(BoundedNumber& sum, const BoundedNumber& part) {
  sum.value += part.value;
  if (sum.bounds && part.bounds) {
    sum.bounds->lo += part.bounds->lo;
    sum.bounds->hi += part.bounds->hi;
  } else {
    sum.bounds.reset();
  }
}

}  // namespace

std::optional<BoundedNumber> total_energy_j(const CarbonView& view) {
  std::optional<BoundedNumber> sum;
  for (const CarbonRun& run : view.runs) {
    if (run.energy_j && sum) {
      add(*sum, *run.energy_j);
    } else if (run.energy_j) {
      sum = run.energy_j;
    }
  }
  return sum;
}

std::optional<BoundedNumber> grams_of(const CarbonRun& run, const CarbonRates& rates) {
  const auto intensity = run.g_per_kwh ? run.g_per_kwh : rates.g_per_kwh;
  if (!run.energy_j || !intensity) {
    return std::nullopt;
  }
  return run.energy_j->times(grams_per_joule(*intensity, rates.pue));
}

std::optional<BoundedNumber> total_grams(const CarbonView& view) {
  std::optional<BoundedNumber> sum;
  for (const CarbonRun& run : view.runs) {
    if (!run.energy_j) {
      continue;
    }
    const auto grams = grams_of(run, view.rates);
    if (!grams) {
      return std::nullopt;
    }
    if (sum) {
      add(*sum, *grams);
    } else {
      sum = grams;
    }
  }
  return sum;
}

std::optional<double> embodied_grams_of(const CarbonView& view) {
  if (!view.embodied || view.runs.empty()) {
    return std::nullopt;
  }
  double grams = 0;
  for (const CarbonRun& run : view.runs) {
    if (!run.duration_s) {
      return std::nullopt;
    }
    grams += embodied_grams(*view.embodied, *run.duration_s);
  }
  return grams;
}

}  // namespace gradwatt
