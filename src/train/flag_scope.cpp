#include "train/flag_scope.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

namespace gradwatt {
namespace {

/// Whom some flags are for.
struct FlagScope {
  std::vector<std::string_view> flags;
  std::vector<std::string_view> datasets;   ///< Empty: all.
  std::vector<std::string_view> paradigms;  ///< Empty: all.
};

/// Flags that are not named here are for every workload. What depends on the value of another flag
/// is checked where both are known.
const std::vector<FlagScope>& flag_scopes() {
  static const std::vector<FlagScope> kScopes{
      {{"--window",
        "--step",
        "--test-step",
        "--keep-every",
        "--activities",
        "--acc16",
        "--acc6",
        "--gyro",
        "--magnetometer",
        "--heart-rate",
        "--temperature",
        "--with-optional",
        "--window-label",
        "--window-split",
        "--val-subjects",
        "--test-subjects",
        "--val-share",
        "--gap-max"},
       {"pamap2"},
       {}},
      {{"--identities"}, {"celeba"}, {}},
      {{"--damaged", "--size", "--mirror"}, {"celeba", "imagenet"}, {}},
      {{"--subset", "--train-crop", "--eval-crop"}, {"imagenet"}, {}},
      {{"--channels", "--patch", "--width", "--depth", "--afno-blocks"}, {"era5"}, {}},
      {{"--val-samples"}, {"fashion-mnist", "era5"}, {}},
      // The others are small: they are read at once and always stay in memory.
      {{"--input", "--workers"}, {"celeba", "imagenet", "era5"}, {}},
      {{"--cache"}, {"pamap2", "celeba", "imagenet"}, {}},
      {{"--alpha"}, {}, {"multitask"}},
  };
  return kScopes;
}

bool is_listed(const std::vector<std::string_view>& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

/// nullptr: the flag is for every workload.
const FlagScope* scope_of(std::string_view flag) {
  const auto& scopes = flag_scopes();
  const auto found = std::find_if(scopes.begin(), scopes.end(), [&](const FlagScope& scope) {
    return is_listed(scope.flags, flag);
  });
  return found == scopes.end() ? nullptr : &*found;
}

}  // namespace

bool has_effect(std::string_view flag, const Workload& workload) {
  const FlagScope* scope = scope_of(flag);
  return scope == nullptr ||
         ((scope->datasets.empty() || is_listed(scope->datasets, workload.dataset)) &&
          (scope->paradigms.empty() || is_listed(scope->paradigms, workload.paradigm)));
}

std::string workloads_with(std::string_view flag) {
  const FlagScope* scope = scope_of(flag);
  if (scope == nullptr) {
    return "*";
  }
  std::vector<std::string> patterns;
  if (scope->datasets.empty()) {
    for (const std::string_view paradigm : scope->paradigms) {
      patterns.push_back(fmt::format("*-{}", paradigm));
    }
  }
  for (const WorkloadFamily& family : workload_families()) {
    if (is_listed(scope->datasets, family.dataset)) {
      patterns.push_back(fmt::format("{}-*", family.name));
    }
  }
  return fmt::format("{}", fmt::join(patterns, ", "));
}

}  // namespace gradwatt
