#include "analyze/paradigm_saving.h"

#include "analyze/energy_to_goal.h"
#include "analyze/epoch_energy.h"
#include "analyze/repeated_mean.h"
#include "analyze/statistics.h"

#include <boost/math/distributions/students_t.hpp>

#include <algorithm>
#include <cmath>

namespace gradwatt {
namespace {

/// A kind's mean energy, epochs and energy per epoch; or how much a run's three move a logarithm.
struct CostTriple {
  double energy = 0;
  double epochs = 0;
  double epoch_energy = 0;
};

CostTriple triple_of(const TrainingCost& cost) {
  return {cost.energy_j, cost.epochs.value_or(0), cost.epoch_j.value_or(0)};
}

/// Mean of the triples that `triple` gives of each.
template <typename Items, typename Triple>
CostTriple mean_triple(const Items& items, Triple triple) {
  CostTriple mean;
  const auto n = static_cast<double>(items.size());
  for (const auto& item : items) {
    const CostTriple one = triple(item);
    mean.energy += one.energy / n;
    mean.epochs += one.epochs / n;
    mean.epoch_energy += one.epoch_energy / n;
  }
  return mean;
}

CostTriple mean_costs(const std::vector<TrainingCost>& repeats) {
  return mean_triple(repeats, triple_of);
}

CostTriple mean_costs(const TrainingKind& kind) {
  return mean_triple(kind, [](const auto& repeats) { return mean_costs(repeats); });
}

double summand(const CostTriple& weights, const CostTriple& cost) {
  return weights.energy * cost.energy + weights.epochs * cost.epochs +
         weights.epoch_energy * cost.epoch_energy;
}

/// Which run's summands scatter how much: one term for each kind of a single setup, or one for all.
std::vector<VarianceTerm> variance_terms(std::span<const TrainingKind* const> kinds,
                                         std::span<const CostTriple> weights) {
  std::vector<VarianceTerm> terms;
  const std::size_t setups = kinds.front()->size();
  if (setups > 1) {
    std::vector<double> sums(setups);
    for (std::size_t k = 0; k < kinds.size(); ++k) {
      for (std::size_t s = 0; s < setups; ++s) {
        sums[s] += summand(weights[k], mean_costs((*kinds[k])[s]));
      }
    }
    const auto n = static_cast<double>(setups);
    terms.push_back({*spread_of(sums).variance / n, n - 1});
    return terms;
  }
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    std::vector<double> summands;
    for (const TrainingCost& cost : kinds[k]->front()) {
      summands.push_back(summand(weights[k], triple_of(cost)));
    }
    const RepeatedMean mean = repeated_mean(summands);
    const CostTriple& w = weights[k];
    if (mean.variance) {
      terms.push_back({*mean.variance, mean.n - 1.0});
    } else if (w.energy != 0 || w.epochs != 0 || w.epoch_energy != 0) {
      return {};  // Its scatter is unknown, not zero.
    }
  }
  return terms;
}

Ratio delta_ratio(double value,
                  std::span<const TrainingKind* const> kinds,
                  std::span<const CostTriple> weights) {
  Ratio ratio{value, std::nullopt, std::nullopt};
  const auto terms = variance_terms(kinds, weights);
  double variance = 0;
  for (const VarianceTerm& term : terms) {
    variance += term.variance;
  }
  constexpr double kRounding = 1e-24;  // Of numbers near 1: equal runs, not a measured scatter.
  if (variance < kRounding) {
    return ratio;
  }
  const double df = satterthwaite_df(terms);
  const double error = std::sqrt(variance);
  const double half = student_t(df) * error;
  ratio.interval = Interval{value * std::exp(-half), value * std::exp(half)};
  ratio.p_value = 2 * boost::math::cdf(boost::math::complement(boost::math::students_t(df),
                                                               std::abs(std::log(value)) / error));
  return ratio;
}

bool all_know(std::span<const TrainingKind* const> kinds,
              std::optional<double> TrainingCost::*number) {
  const auto knows = [&](const std::vector<TrainingCost>& repeats) {
    return std::all_of(
        repeats.begin(), repeats.end(), [&](auto& cost) { return (cost.*number).has_value(); });
  };
  return std::all_of(kinds.begin(), kinds.end(), [&](const TrainingKind* kind) {
    return std::all_of(kind->begin(), kind->end(), knows);
  });
}

/// Adds the three factors of the ratio. `means` and `kinds`: one, then the others.
void split(ParadigmSaving& saving,
           std::span<const TrainingKind* const> kinds,
           std::span<const CostTriple> means) {
  double epochs = 0;
  double by_epochs = 0;  // Sum of e N.
  for (std::size_t k = 1; k < means.size(); ++k) {
    epochs += means[k].epochs;
    by_epochs += means[k].epoch_energy * means[k].epochs;
  }
  std::vector<CostTriple> weights(means.size());
  weights[0].epochs = 1 / means[0].epochs;
  for (std::size_t k = 1; k < means.size(); ++k) {
    weights[k].epochs = -1 / epochs;
  }
  saving.epochs = delta_ratio(means[0].epochs / epochs, kinds, weights);
  if (!all_know(kinds, &TrainingCost::epoch_j)) {
    return;
  }
  weights[0] = {0, 0, 1 / means[0].epoch_energy};
  for (std::size_t k = 1; k < means.size(); ++k) {
    weights[k].epoch_energy = -means[k].epochs / by_epochs;
    weights[k].epochs = 1 / epochs - means[k].epoch_energy / by_epochs;
  }
  saving.epoch_energy = delta_ratio(means[0].epoch_energy * epochs / by_epochs, kinds, weights);
  saving.rest = saving.energy.value / (saving.epochs->value * saving.epoch_energy->value);
}

}  // namespace

std::optional<TrainingCost> training_cost(const RunRow& run) {
  const auto energy = energy_spent(run);
  if (!energy || *energy <= 0) {
    return std::nullopt;
  }
  TrainingCost cost{*energy, std::nullopt, std::nullopt};
  const auto whole = std::count_if(
      run.epochs.begin(), run.epochs.end(), [](const EpochRow& epoch) { return epoch.complete; });
  if (whole > 0) {
    cost.epochs = static_cast<double>(whole);
  }
  if (const auto epoch = energy_per_epoch(run)) {
    cost.epoch_j = epoch->mean_j;
  }
  return cost;
}

ParadigmSaving paradigm_saving(const TrainingKind& one, std::span<const TrainingKind> others) {
  std::vector<const TrainingKind*> kinds{&one};
  std::vector<CostTriple> means{mean_costs(one)};
  double sum = 0;
  for (const TrainingKind& other : others) {
    kinds.push_back(&other);
    means.push_back(mean_costs(other));
    sum += means.back().energy;
  }
  ParadigmSaving saving;
  saving.setups = one.size();
  for (const CostTriple& mean : means) {
    saving.energies_j.push_back(mean.energy);
  }
  std::vector<CostTriple> weights(kinds.size());
  weights[0].energy = 1 / means[0].energy;
  for (std::size_t k = 1; k < kinds.size(); ++k) {
    weights[k].energy = -1 / sum;
  }
  saving.energy = delta_ratio(means[0].energy / sum, kinds, weights);
  const auto& energies = saving.energies_j;
  const auto least = std::min_element(energies.begin() + 1, energies.end());
  saving.cheapest = static_cast<std::size_t>(least - energies.begin()) - 1;
  if (others.size() > 1) {
    for (std::size_t k = 1; k < kinds.size(); ++k) {
      weights[k].energy = k == saving.cheapest + 1 ? -1 / *least : 0;
    }
    saving.to_cheapest = delta_ratio(means[0].energy / *least, kinds, weights);
  }
  if (all_know(kinds, &TrainingCost::epochs)) {
    split(saving, kinds, means);
  }
  return saving;
}

}  // namespace gradwatt
