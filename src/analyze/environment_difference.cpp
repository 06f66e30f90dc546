#include "analyze/environment_difference.h"

#include "analyze/varied_numbers.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace gradwatt {
namespace {

/// Every job has its own.
constexpr std::array<std::string_view, 8> kOfTheJob{"RANK",
                                                    "LOCAL_RANK",
                                                    "SLURM_JOB_ID",
                                                    "SLURM_STEP_ID",
                                                    "SLURM_ARRAY_JOB_ID",
                                                    "SLURM_ARRAY_TASK_ID",
                                                    "SLURM_PROCID",
                                                    "SLURM_JOB_NODELIST"};
/// What one may want to compare: the code, and how many processes run it where.
constexpr std::array<std::string_view, 7> kOfTheProgram{"git_commit",
                                                        "WORLD_SIZE",
                                                        "SLURM_NTASKS",
                                                        "SLURM_JOB_PARTITION",
                                                        "CUDA_VISIBLE_DEVICES",
                                                        "ROCR_VISIBLE_DEVICES",
                                                        "HIP_VISIBLE_DEVICES"};

template <std::size_t n>
bool is_among(std::string_view name, const std::array<std::string_view, n>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

using Facts = std::map<std::string, std::set<std::string>>;

std::string watts_text(double watts) {
  std::string text = std::to_string(watts);
  text.erase(text.find_last_not_of('0') + 1);
  return (text.ends_with('.') ? text.substr(0, text.size() - 1) : text) + " W";
}

/// Whether the limit is one of the settings that are compared.
bool varies_limits(const RunRow& run) {
  return std::any_of(run.factors.begin(), run.factors.end(), [](const auto& factor) {
    return is_power_limit_factor(factor.first);
  });
}

Facts facts_of(std::span<const RunRow> runs) {
  Facts facts;
  for (const RunRow& run : runs) {
    if (run.outcome != RunOutcome::finished) {
      continue;
    }
    for (const auto& [name, value] : run.environment) {
      const bool is_setting = is_power_limit_factor(name) && varies_limits(run);
      if (!is_among(name, kOfTheJob) && !is_setting) {
        facts[name].insert(value);
      }
    }
    if (run.total_j) {
      facts["energy"].insert(run.estimated ? "estimated by a model" : "measured");
    }
    if (run.power_limit_w && !varies_limits(run)) {
      facts["power_limit"].insert(watts_text(*run.power_limit_w));
    }
  }
  return facts;
}

std::string joined(const std::set<std::string>& values) {
  constexpr std::size_t kShown = 3;
  std::string text;
  std::size_t shown = 0;
  for (const std::string& value : values) {
    if (++shown > kShown) {
      return text + " or " + std::to_string(values.size() - kShown) + " more";
    }
    text += (text.empty() ? "" : " or ") + value;
  }
  return text;
}

}  // namespace

std::vector<EnvironmentDifference> environment_differences(std::span<const SideRuns> sides,
                                                           std::string_view compared) {
  std::vector<EnvironmentDifference> differences;
  if (sides.empty()) {
    return differences;
  }
  const Facts first = facts_of(sides[0].runs);
  for (std::size_t side = 1; side < sides.size(); ++side) {
    for (const auto& [name, values] : facts_of(sides[side].runs)) {
      const auto known = first.find(name);
      if (name != compared && known != first.end() && known->second != values) {
        differences.push_back(
            {name, side, joined(values), joined(known->second), !is_among(name, kOfTheProgram)});
      }
    }
  }
  return differences;
}

std::vector<MixedEnvironment> mixed_environment(std::span<const RunRow> runs) {
  std::vector<MixedEnvironment> mixed;
  for (const auto& [name, values] : facts_of(runs)) {
    if (values.size() > 1 && !is_among(name, kOfTheProgram)) {
      mixed.push_back({name, joined(values)});
    }
  }
  return mixed;
}

}  // namespace gradwatt
