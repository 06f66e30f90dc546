#include "cli/named_sides.h"

#include "analyze/grid_axis.h"
#include "base/closest_name.h"
#include "base/error.h"
#include "cli/sweep_table.h"
#include "record/account.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <map>

namespace gradwatt {
namespace {

std::vector<std::string> factor_names(const std::vector<RunRow>& runs) {
  std::vector<std::string> names;
  for (const GridAxis& axis : axes_of(runs, {})) {
    names.push_back(axis.name);
  }
  return names;
}

/// All runs of a name are repeats of it; elsewhere a name is its newest run.
std::vector<RunRow> repeats_of(const RunSource& source, const std::string& selector) {
  std::vector<RunRow> runs = source.select(selector);
  if (source.is_table() || runs.size() != 1 || runs.front().name != selector) {
    return runs;
  }
  runs.clear();
  for (const StoredRun& run : source.store().list().runs) {
    if (run.manifest.name == selector) {
      const bool running = run.manifest.state == RunState::running;
      runs.push_back(
          row_of(run.manifest, running ? std::nullopt : std::optional(account_of(run.folder))));
    }
  }
  return runs;
}

std::string name_of_side(const std::string& selector, const std::vector<RunRow>& runs) {
  constexpr std::size_t kShortId = 10;
  const bool relative = selector.starts_with('@') && runs.size() == 1;
  if (!relative) {
    return selector;
  }
  const RunRow& run = runs.front();
  return fmt::format(
      "{} ({})", selector, run.name.empty() ? run.run.substr(0, kShortId) : run.name);
}

void refuse_shared_runs(const std::vector<SideRuns>& sides) {
  std::map<std::string, std::string> seen;
  for (const SideRuns& side : sides) {
    for (const RunRow& run : side.runs) {
      const auto [place, is_new] = seen.emplace(run.run, side.name);
      if (!is_new && !run.run.empty()) {
        throw UsageError(
            fmt::format("run {} is in both '{}' and '{}'", run.run, place->second, side.name),
            "",
            "name sides that share no run");
      }
    }
  }
}

std::vector<SideRuns> sides_of_factor(const SideFlags& flags, const RunSource& source) {
  const std::string factor = factor_named(flags.by);
  std::vector<RunRow> runs =
      flags.selectors.empty() ? source.all() : source.select(flags.selectors);
  const std::vector<std::string> known = factor_names(runs);
  const std::size_t all = runs.size();
  std::vector<SideRuns> sides = sides_by(std::move(runs), factor);
  if (sides.empty()) {
    throw UsageError(fmt::format("no run has the factor '{}'", factor),
                     "--by",
                     known.empty() ? "these runs have no factors; name the sides instead"
                                   : known_names(factor, known));
  }
  std::size_t used = 0;
  for (const SideRuns& side : sides) {
    used += side.runs.size();
  }
  if (used < all) {
    fmt::print(stderr, "gradwatt: note: {} runs without {} are left out\n", all - used, factor);
  }
  if (!flags.against.empty()) {
    std::vector<std::string> values;
    for (const SideRuns& side : sides) {
      values.push_back(side.name.substr(factor.size() + 1));
    }
    const auto value = std::find(values.begin(), values.end(), flags.against);
    if (value == values.end()) {
      throw UsageError(fmt::format("{} has no value '{}'", factor, flags.against),
                       "--against",
                       known_names(flags.against, values));
    }
    std::rotate(sides.begin(),
                sides.begin() + (value - values.begin()),
                sides.begin() + (value - values.begin()) + 1);
  }
  return sides;
}

std::vector<SideRuns> sides_named(const SideFlags& flags, const RunSource& source) {
  std::vector<SideRuns> sides;
  for (const std::string& selector : flags.selectors) {
    std::vector<RunRow> runs = repeats_of(source, selector);
    std::string name = name_of_side(selector, runs);
    sides.push_back({std::move(name), std::move(runs)});
  }
  if (sides.size() == 1) {
    const std::vector<std::string> factors = block_factors(sides);
    throw UsageError(fmt::format("'{}' is to be compared with what?", flags.selectors.front()),
                     "",
                     factors.empty()
                         ? "name a second side"
                         : fmt::format("name a second side, or write --by {}", factors.front()));
  }
  refuse_shared_runs(sides);
  return sides;
}

}  // namespace

std::string factor_named(const std::string& by) {
  constexpr std::string_view kPrefix = "factor.";
  return by.starts_with(kPrefix) ? by.substr(kPrefix.size()) : by;
}

std::vector<SideRuns> sides_from(const SideFlags& flags, const RunSource& source) {
  if (flags.by.empty() && flags.selectors.empty()) {
    throw UsageError("what is to be compared?",
                     "",
                     "gradwatt compare A B, or gradwatt compare SWEEP --by FACTOR");
  }
  std::vector<SideRuns> sides =
      flags.by.empty() ? sides_named(flags, source) : sides_of_factor(flags, source);
  std::erase_if(sides, [](const SideRuns& side) {
    const bool nothing = std::none_of(side.runs.begin(), side.runs.end(), [](const RunRow& run) {
      return run.outcome == RunOutcome::finished;
    });
    if (nothing) {
      fmt::print(stderr, "gradwatt: note: {} has no finished run and is left out\n", side.name);
    }
    return nothing;
  });
  if (sides.size() < 2) {
    throw UsageError("fewer than two sides have a finished run",
                     flags.by,
                     "gradwatt ls shows what became of runs");
  }
  return sides;
}

}  // namespace gradwatt
