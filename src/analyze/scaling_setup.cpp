#include "analyze/scaling_setup.h"

#include "analyze/scaling_run.h"
#include "analyze/varied_numbers.h"
#include "base/closest_name.h"
#include "base/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <map>
#include <set>

namespace gradwatt {
namespace {

using Factors = std::vector<std::pair<std::string, std::string>>;

/// A run that counts: what it is, and which job and other factors it had.
struct CountedRun {
  ScalingSetup setup;
  Factors job;
  Factors others;
};

const std::string* factor_value(const Factors& factors, const std::string& name) {
  const auto found = std::find_if(
      factors.begin(), factors.end(), [&](const auto& one) { return one.first == name; });
  return found == factors.end() ? nullptr : &found->second;
}

bool is_text(const std::string& value) {
  return std::any_of(value.begin(), value.end(), [](unsigned char c) { return std::isalpha(c); }) &&
         value.find_first_not_of("0123456789.eE+-") != std::string::npos;
}

std::vector<std::string> factor_names(std::span<const RunRow> runs) {
  std::vector<std::string> names;
  for (const RunRow& run : runs) {
    for (const auto& [name, value] : run.factors) {
      if (std::find(names.begin(), names.end(), name) == names.end()) {
        names.push_back(name);
      }
    }
  }
  return names;
}

/// Whether a factor names jobs: text, or a power limit, that varies, and some value of it has
/// several setups.
bool names_jobs(std::span<const RunRow> runs, const std::string& name) {
  std::map<std::string, std::set<std::pair<double, double>>> sizes;
  for (const RunRow& run : runs) {
    const std::string* value = factor_value(run.factors, name);
    if (value != nullptr && (is_text(*value) || is_power_limit_factor(name))) {
      sizes[*value].emplace(gpus_of(run).value_or(0), global_batch_of(run).value_or(0));
    }
  }
  return sizes.size() > 1 && std::any_of(sizes.begin(), sizes.end(), [](const auto& one) {
           return one.second.size() > 1;
         });
}

std::vector<std::string> job_factors(std::span<const RunRow> runs,
                                     const std::optional<std::vector<std::string>>& by) {
  const std::vector<std::string> names = factor_names(runs);
  if (!by) {
    std::vector<std::string> found;
    for (const std::string& name : names) {
      if (!is_size_factor(name) && names_jobs(runs, name)) {
        found.push_back(name);
      }
    }
    return found;
  }
  for (const std::string& name : *by) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      const auto meant = closest_name(name, names);
      throw UsageError(fmt::format("no run has a factor '{}'", name),
                       "--by",
                       meant           ? fmt::format("did you mean {}?", *meant)
                       : names.empty() ? "these runs have no factors: leave --by out"
                                       : fmt::format("factors: {}", fmt::join(names, ", ")));
    }
  }
  return *by;
}

/// Those of the factors that are neither the job's nor already numbers of the setup.
Factors other_factors(const RunRow& run, const std::vector<std::string>& jobs) {
  Factors others;
  for (const auto& one : run.factors) {
    constexpr std::array<std::string_view, 4> kNoDifference{"seed", "repeat", "run", "trial"};
    const bool is_job = std::find(jobs.begin(), jobs.end(), one.first) != jobs.end();
    const bool is_repeat =
        std::find(kNoDifference.begin(), kNoDifference.end(), one.first) != kNoDifference.end();
    if (!is_job && !is_repeat) {
      others.push_back(one);
    }
  }
  return others;
}

bool are_alike(const std::optional<double>& a, const std::optional<double>& b, double within) {
  return a.has_value() == b.has_value() && (!a || std::abs(*a - *b) <= within * *a);
}

bool are_repeats(const CountedRun& a, const CountedRun& b) {
  constexpr double kEqual = 1e-9;
  constexpr double kSamplesDiffer = 0.02;
  return a.others == b.others && are_alike(a.setup.gpus, b.setup.gpus, kEqual) &&
         are_alike(a.setup.nodes, b.setup.nodes, kEqual) &&
         are_alike(a.setup.global_batch, b.setup.global_batch, kEqual) &&
         are_alike(a.setup.samples, b.setup.samples, kSamplesDiffer);
}

/// The mean of an optional number over repeats; absent when one of them lacks it.
std::optional<double> mean_of(const std::vector<const CountedRun*>& repeats,
                              std::optional<double> ScalingSetup::*which) {
  double sum = 0;
  for (const CountedRun* one : repeats) {
    if (!(one->setup.*which)) {
      return std::nullopt;
    }
    sum += *(one->setup.*which);
  }
  return sum / static_cast<double>(repeats.size());
}

ScalingSetup mean_setup(const std::vector<const CountedRun*>& repeats) {
  ScalingSetup mean = repeats.front()->setup;
  mean.runs.clear();
  mean.gpu_hours = 0;
  mean.energy_j = 0;
  for (const CountedRun* one : repeats) {
    mean.gpu_hours += one->setup.gpu_hours / static_cast<double>(repeats.size());
    mean.energy_j += one->setup.energy_j / static_cast<double>(repeats.size());
    mean.runs.push_back(one->setup.runs.front());
  }
  mean.samples = mean_of(repeats, &ScalingSetup::samples);
  mean.updates = mean_of(repeats, &ScalingSetup::updates);
  return mean;
}

bool is_smaller(const ScalingSetup& a, const ScalingSetup& b) {
  const auto key = [](const ScalingSetup& one) {
    return std::pair(one.gpus.value_or(0), one.global_batch.value_or(0));
  };
  return key(a) < key(b);
}

ScalingGroup group_of(const std::vector<CountedRun>& counted, const Factors& job) {
  ScalingGroup group{job, {}};
  std::vector<std::vector<const CountedRun*>> sets;
  for (const CountedRun& run : counted) {
    if (run.job != job) {
      continue;
    }
    const auto set = std::find_if(
        sets.begin(), sets.end(), [&](const auto& one) { return are_repeats(*one.front(), run); });
    if (set == sets.end()) {
      sets.push_back({&run});
    } else {
      set->push_back(&run);
    }
  }
  for (const auto& repeats : sets) {
    group.setups.push_back(mean_setup(repeats));
  }
  std::stable_sort(group.setups.begin(), group.setups.end(), is_smaller);
  return group;
}

std::vector<CountedRun> counted_runs(std::span<const RunRow> runs,
                                     const std::vector<std::string>& jobs,
                                     std::vector<std::string>& notes) {
  std::vector<CountedRun> counted;
  std::map<ScalingGap, std::vector<std::string>> gaps;
  for (const RunRow& run : runs) {
    const auto found = scaling_setup_of(run);
    if (const auto* gap = std::get_if<ScalingGap>(&found)) {
      gaps[*gap].push_back(run.run);
      continue;
    }
    CountedRun& one = counted.emplace_back();
    one.setup = std::get<ScalingSetup>(found);
    for (const std::string& name : jobs) {
      const std::string* value = factor_value(run.factors, name);
      one.job.emplace_back(name, value == nullptr ? "" : *value);
    }
    one.others = other_factors(run, jobs);
  }
  for (const auto& [gap, ids] : gaps) {
    notes.push_back(fmt::format("{} {} left out, {}: {}{}",
                                ids.size(),
                                ids.size() == 1 ? "run is" : "runs are",
                                gap_words(gap),
                                ids.front(),
                                ids.size() > 1 ? ", ..." : ""));
  }
  return counted;
}

/// Factors that vary although neither a model nor the groups look at them.
void note_other_factors(std::span<const RunRow> runs,
                        const std::vector<std::string>& jobs,
                        std::vector<std::string>& notes) {
  for (const std::string& name : factor_names(runs)) {
    std::set<std::string> values;
    for (const RunRow& run : runs) {
      const std::string* value = factor_value(run.factors, name);
      values.insert(value == nullptr ? "" : *value);
    }
    const bool is_job = std::find(jobs.begin(), jobs.end(), name) != jobs.end();
    if (values.size() > 1 && !is_job && !is_size_factor(name)) {
      notes.push_back(fmt::format(
          "'{0}' varies too, and no model looks at it: --by {0} fits its values apart", name));
    }
  }
}

}  // namespace

ParallelTraining ScalingSetup::training() const {
  const double devices = gpus.value_or(1);
  return {devices,
          nodes.value_or(1),
          samples.value_or(1),
          updates.value_or(1),
          gpu_hours * kSecondsPerHour / devices,
          energy_j};
}

std::vector<ScalingSetup> ScalingTable::all() const {
  std::vector<ScalingSetup> setups;
  for (const ScalingGroup& group : groups) {
    for (const ScalingSetup& setup : group.setups) {
      const bool is_known =
          std::any_of(setups.begin(), setups.end(), [&](const ScalingSetup& other) {
            return setup.energy_j == other.energy_j && setup.gpu_hours == other.gpu_hours &&
                   setup.gpus == other.gpus && setup.samples == other.samples;
          });
      if (!is_known) {
        setups.push_back(setup);
      }
    }
  }
  std::stable_sort(setups.begin(), setups.end(), is_smaller);
  return setups;
}

ScalingTable scaling_table(std::span<const RunRow> runs,
                           const std::optional<std::vector<std::string>>& by) {
  ScalingTable table;
  const std::vector<std::string> jobs = job_factors(runs, by);
  const std::vector<CountedRun> counted = counted_runs(runs, jobs, table.notes);
  note_other_factors(runs, jobs, table.notes);
  table.runs = static_cast<int>(counted.size());
  std::vector<Factors> order;
  for (const CountedRun& run : counted) {
    if (std::find(order.begin(), order.end(), run.job) == order.end()) {
      order.push_back(run.job);
    }
  }
  for (const Factors& job : order) {
    table.groups.push_back(group_of(counted, job));
  }
  table.estimated =
      std::any_of(runs.begin(), runs.end(), [](const RunRow& run) { return run.estimated; });
  return table;
}

}  // namespace gradwatt
