#include "analyze/paradigm_totals.h"

#include <algorithm>

namespace gradwatt {

std::optional<ParadigmTotal> paradigm_total(const StudySweep& sweep,
                                            std::span<const std::size_t> only) {
  ParadigmTotal total;
  total.best_metric = 0;
  for (const std::size_t index : only) {
    const StudySetup& setup = sweep.setups[index];
    if (setup.total_j && setup.epochs && setup.epoch_j) {
      total.epoch_j += *setup.epoch_j;
      total.epochs += *setup.epochs;
      total.total_j += setup.total_j->value;
      total.best_metric = total.best_metric && setup.best_metric
                              ? std::optional(*total.best_metric + *setup.best_metric)
                              : std::nullopt;
      ++total.setups;
    }
  }
  if (total.setups == 0) {
    return std::nullopt;
  }
  total.epoch_j /= total.setups;
  total.epochs /= total.setups;
  total.total_j /= total.setups;
  if (total.best_metric) {
    *total.best_metric /= total.setups;
  }
  return total;
}

std::vector<std::size_t> setups_in_all(std::span<const StudySweep* const> sweeps) {
  std::vector<std::size_t> common;
  const bool equal = !sweeps.empty() && std::all_of(sweeps.begin(), sweeps.end(), [&](auto* sweep) {
    return sweep->axes == sweeps.front()->axes;
  });
  for (std::size_t i = 0; equal && i < sweeps.front()->setups.size(); ++i) {
    if (std::all_of(sweeps.begin(), sweeps.end(), [&](const StudySweep* sweep) {
          return sweep->setups[i].total_j.has_value();
        })) {
      common.push_back(i);
    }
  }
  return common;
}

MultitaskSplit multitask_split(const TaskCost& first,
                               const TaskCost& second,
                               const TaskCost& both) {
  MultitaskSplit split;
  const double energy = first.energy + second.energy;
  const double epochs = first.epochs + second.epochs;
  split.to_sum = both.energy / energy;
  split.to_best_single = both.energy / std::min(first.energy, second.energy);
  split.epochs = both.epochs / epochs;
  split.epoch_energy = split.to_sum / split.epochs;
  return split;
}

}  // namespace gradwatt
