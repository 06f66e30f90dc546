#include "analyze/study_results.h"

#include <algorithm>

namespace gradwatt {
namespace {

/// Setups that all of the sweeps have; none when one was not run.
std::vector<std::size_t> common_setups(std::initializer_list<const StudySweep*> sweeps) {
  if (std::find(sweeps.begin(), sweeps.end(), nullptr) != sweeps.end()) {
    return {};
  }
  return setups_in_all(std::vector<const StudySweep*>(sweeps));
}

double total_of(const StudySweep& sweep, std::size_t setup) {
  return sweep.setups[setup].total_j->value;
}

RepeatedMean mean_of_setups(const ParadigmTotal& total) {
  return {total.total_j, std::nullopt, total.setups};
}

}  // namespace

std::optional<FreezingResult> freezing_result(const StudySweep* unfrozen,
                                              const StudySweep* frozen) {
  const auto setups = common_setups({unfrozen, frozen});
  if (setups.empty()) {
    return std::nullopt;
  }
  return FreezingResult{*paradigm_total(*unfrozen, setups), *paradigm_total(*frozen, setups)};
}

std::optional<ReuseResult> reuse_result(const StudySweep* encoder,
                                        const StudySweep* joint,
                                        const StudySweep* classifier) {
  ReuseResult result;
  result.setups = common_setups({encoder, joint, classifier});
  if (result.setups.empty()) {
    return std::nullopt;
  }
  for (const std::size_t setup : result.setups) {
    result.energies.push_back({repeated_mean(encoder->setups[setup].totals_j),
                               repeated_mean(joint->setups[setup].totals_j),
                               repeated_mean(classifier->setups[setup].totals_j)});
  }
  result.mean = {mean_of_setups(*paradigm_total(*encoder, result.setups)),
                 mean_of_setups(*paradigm_total(*joint, result.setups)),
                 mean_of_setups(*paradigm_total(*classifier, result.setups))};
  result.summary = break_evens(result.energies);
  return result;
}

std::optional<TasksResult> tasks_result(const StudySweep* attributes,
                                        const StudySweep* identity,
                                        const StudySweep* both) {
  TasksResult result;
  result.setups = common_setups({attributes, identity, both});
  if (result.setups.empty()) {
    return std::nullopt;
  }
  result.attributes = *paradigm_total(*attributes, result.setups);
  result.identity = *paradigm_total(*identity, result.setups);
  result.both = *paradigm_total(*both, result.setups);
  result.split = multitask_split({result.attributes.total_j, result.attributes.epochs},
                                 {result.identity.total_j, result.identity.epochs},
                                 {result.both.total_j, result.both.epochs});
  for (const std::size_t setup : result.setups) {
    const double one = total_of(*attributes, setup);
    const double other = total_of(*identity, setup);
    const double together = total_of(*both, setup);
    result.below_sum += together < one + other ? 1 : 0;
    result.below_single += together < std::min(one, other) ? 1 : 0;
  }
  return result;
}

std::optional<TotalRange> total_range(const StudySweep& sweep, bool reached_only) {
  std::vector<std::size_t> known;
  for (std::size_t i = 0; i < sweep.setups.size(); ++i) {
    const StudySetup& setup = sweep.setups[i];
    const bool reached = setup.state == SetupState::measured;
    if (setup.total_j && setup.epochs && (reached || !reached_only)) {
      known.push_back(i);
    }
  }
  if (known.size() < 2) {
    return std::nullopt;
  }
  const auto less = [&](std::size_t a, std::size_t b) {
    return total_of(sweep, a) < total_of(sweep, b);
  };
  TotalRange range;
  range.best = *std::min_element(known.begin(), known.end(), less);
  range.worst = *std::max_element(known.begin(), known.end(), less);
  const StudySetup& best = sweep.setups[range.best];
  const StudySetup& worst = sweep.setups[range.worst];
  range.share = best.total_j->value / worst.total_j->value;
  range.epoch_energy = *best.epoch_j / *worst.epoch_j;
  range.epochs = *best.epochs / *worst.epochs;
  return range;
}

}  // namespace gradwatt
