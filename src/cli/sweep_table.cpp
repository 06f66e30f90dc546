#include "cli/sweep_table.h"

#include "analyze/goal.h"
#include "base/error.h"
#include "base/expects.h"
#include "cli/reading_progress.h"
#include "cli/searched_runs.h"
#include "experiment/attempt.h"
#include "experiment/search_plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <map>
#include <set>

namespace gradwatt {
namespace {

using Json = nlohmann::ordered_json;

RunOutcome outcome_of(const Manifest& manifest) {
  if (manifest.state == RunState::done) {
    return RunOutcome::finished;
  }
  const bool failed = manifest.state == RunState::failed && !was_stopped(manifest.exit_status);
  return failed ? RunOutcome::failed : RunOutcome::unfinished;
}

/// How much a run says about its point.
int weight_of(const StoredRun& run) {
  switch (outcome_of(run.manifest)) {
    case RunOutcome::finished:
      return 2;
    case RunOutcome::failed:
      return 1;
    case RunOutcome::unfinished:
      break;
  }
  return 0;
}

std::optional<std::string> tag_of(const Manifest& manifest, const char* name) {
  const auto tag = manifest.tags.find(name);
  return tag == manifest.tags.end() ? std::nullopt : std::optional(tag->second);
}

/// The tag's JSON object; empty when the tag is absent or no such thing.
Json object_in_tag(const Manifest& manifest, const char* name) {
  const Json json = Json::parse(tag_of(manifest, name).value_or("{}"), nullptr, false);
  return json.is_object() ? json : Json::object();
}

std::vector<GridAxis> axes_in(const Manifest& manifest) {
  std::vector<GridAxis> axes;
  const Json object = object_in_tag(manifest, "sweep.axes");
  for (const auto& [name, values] : object.items()) {
    GridAxis axis{name, {}};
    for (const Json& value : values) {
      if (value.is_string()) {
        axis.values.push_back(value.get<std::string>());
      }
    }
    axes.push_back(std::move(axis));
  }
  return axes;
}

std::vector<std::pair<std::string, std::string>> default_in(const Manifest& manifest) {
  std::vector<std::pair<std::string, std::string>> factors;
  const Json object = object_in_tag(manifest, "sweep.default");
  for (const auto& [name, value] : object.items()) {
    if (value.is_string()) {
      factors.emplace_back(name, value.get<std::string>());
    }
  }
  return factors;
}

std::string known_sweeps(RunIndex& index) {
  std::set<std::string> names;
  for (const StoredRun& run : index.list().runs) {
    if (run.manifest.point) {
      names.insert(run.manifest.point->sweep);
    }
  }
  return names.empty() ? "run one first: gradwatt sweep FILE.toml"
                       : fmt::format("sweeps in this store: {}", fmt::join(names, ", "));
}

std::optional<double> as_number(const std::optional<std::int64_t>& count) {
  return count ? std::optional(static_cast<double>(*count)) : std::nullopt;
}

/// What the epoch's phase "eval" consumed; nullopt when there is none, or it is not known.
std::optional<double> eval_energy(const EpochAccount& epoch) {
  for (const PhaseAccount& phase : epoch.phases) {
    if (phase.name == "eval") {
      return phase.energy ? std::optional(phase.energy->joules()) : std::nullopt;
    }
  }
  return std::nullopt;
}

EpochRow row_of(const EpochAccount& epoch) {
  return {epoch.epoch,
          epoch.energy ? std::optional(epoch.energy->energy.joules()) : std::nullopt,
          seconds(epoch.end - epoch.begin),
          {boost::container::ordered_unique_range, epoch.metrics.begin(), epoch.metrics.end()},
          epoch.complete,
          epoch.energy_eq1 ? std::optional(epoch.energy_eq1->joules()) : std::nullopt,
          as_number(epoch.samples),
          as_number(epoch.steps),
          eval_energy(epoch)};
}

/// On how many machines a run was: those that measured it, else what it says itself, else one.
int nodes_of(const RunAccount& account) {
  if (account.nodes.size() > 1) {
    return static_cast<int>(account.nodes.size());
  }
  const auto said = account.params.find("nodes");
  int nodes = 1;
  if (said != account.params.end()) {
    const std::string& text = said->second;
    std::from_chars(text.data(), text.data() + text.size(), nodes);
  }
  return std::max(nodes, 1);
}

/// A run of the whole grid beside those of a search: of one place the one that ended counts.
void add_whole_run(std::vector<RunRow>& runs, RunRow row) {
  const auto searched = std::find_if(runs.begin(), runs.end(), [&](const RunRow& other) {
    return other.tags.contains(search_tag::kStrategy) && other.repeat == row.repeat &&
           other.factors == row.factors;
  });
  if (searched == runs.end()) {
    runs.push_back(std::move(row));
  } else if (row.outcome == RunOutcome::finished) {
    *searched = std::move(row);
  }
}

}  // namespace

std::vector<StoredRun> runs_that_count(const std::vector<StoredRun>& runs,
                                       std::vector<std::string>& notes) {
  using Place = std::pair<std::vector<std::pair<std::string, std::string>>, int>;
  std::map<Place, std::vector<const StoredRun*>> by_place;
  for (const StoredRun& run : runs) {
    if (run.manifest.point) {
      Place place{{}, run.manifest.point->repeat};
      for (const Factor& factor : run.manifest.point->factors) {
        place.first.emplace_back(factor.name, factor.value);
      }
      std::sort(place.first.begin(), place.first.end());
      by_place[place].push_back(&run);
    }
  }
  std::vector<StoredRun> counting;
  int older = 0;
  for (const auto& [place, candidates] : by_place) {
    const std::string& key = candidates.back()->manifest.point->key;
    const StoredRun* chosen = nullptr;
    for (const StoredRun* candidate : candidates) {
      if (candidate->manifest.point->key != key) {
        ++older;
      } else if (chosen == nullptr || weight_of(*candidate) >= weight_of(*chosen)) {
        chosen = candidate;
      }
    }
    counting.push_back(*chosen);
  }
  if (older > 0) {
    notes.push_back(fmt::format(
        "{} runs of an older command at the same places of the grid are left out", older));
  }
  return counting;
}

namespace {

/// Over the time of the epochs; nullopt without any.
std::optional<double> coverage_of(const std::vector<EpochAccount>& epochs) {
  double covered_s = 0;
  double time_s = 0;
  for (const EpochAccount& epoch : epochs) {
    const double duration_s = seconds(epoch.end - epoch.begin);
    covered_s += epoch.coverage * duration_s;
    time_s += duration_s;
  }
  return time_s > 0 ? std::optional(covered_s / time_s) : std::nullopt;
}

/// One limit of all devices is a number of the run; several are told as text, because no one number
/// stands for them.
void tell_power_limits(RunRow& row, const std::vector<double>& limits_w) {
  if (limits_w.size() == 1) {
    row.power_limit_w = limits_w.front();
  } else if (limits_w.size() > 1) {
    row.environment["power_limit"] = fmt::format("{:.0f} W", fmt::join(limits_w, " W and "));
  }
}

}  // namespace

RunRow row_of(const Manifest& manifest, const std::optional<RunAccount>& account) {
  RunRow row;
  row.run = manifest.run_id;
  row.outcome = outcome_of(manifest);
  if (manifest.point) {
    row.repeat = manifest.point->repeat;
    for (const Factor& factor : manifest.point->factors) {
      row.factors.emplace_back(factor.name, factor.value);
    }
  }
  if (manifest.duration) {
    row.duration_s = seconds(*manifest.duration);
  }
  row.name = manifest.name;
  row.tags = manifest.tags;
  row.environment = manifest.environment;
  if (!account) {
    return row;
  }
  for (const EpochAccount& epoch : account->epochs) {
    row.epochs.push_back(row_of(epoch));
  }
  row.coverage = coverage_of(account->epochs);
  if (account->outside_epochs) {
    row.outside_epochs_j = account->outside_epochs->joules();
  }
  if (account->total) {
    row.total_j = account->total->energy.joules();
  }
  row.idle_share = account->idle_share;
  tell_power_limits(row, account->power_limits_w);
  row.params = account->params;
  row.nodes = nodes_of(*account);
  row.estimated = account->kind == EnergyKind::estimated || account->kind == EnergyKind::mixed;
  return row;
}

SweepTable load_sweep_table(const Store& store, const std::string& sweep) {
  RunIndex index(store);
  return load_sweep_table(index, sweep);
}

SweepTable load_sweep_table(RunIndex& index, const std::string& sweep) {
  std::vector<StoredRun> runs = index.of_sweep(sweep);
  if (runs.empty()) {
    throw Error(fmt::format("no runs of a sweep '{}'", sweep),
                index.store().root().string(),
                known_sweeps(index));
  }
  return sweep_table_of(index, std::move(runs));
}

SweepTable sweep_table_of(RunIndex& index, std::vector<StoredRun> runs) {
  expects(!runs.empty(), "a run of the sweep");
  SweepTable table;
  const Manifest& newest = runs.back().manifest;
  table.axes = axes_in(newest);
  table.default_factors = default_in(newest);
  if (const auto goal = tag_of(newest, "sweep.goal")) {
    table.goal = parse_goal(*goal);
  }
  const auto is_searched = [](const StoredRun& run) {
    return run.manifest.tags.contains(search_tag::kStrategy);
  };
  if (std::any_of(runs.begin(), runs.end(), is_searched)) {
    SearchedRuns searched = searched_runs(index, runs, table.goal, table.notes);
    table.runs = std::move(searched.trainings);
    table.fresh = std::move(searched.fresh);
    std::erase_if(runs, is_searched);
  }
  const std::vector<StoredRun> counting = runs_that_count(runs, table.notes);
  runs = {};  // There may be ten thousand.
  const bool has_searched = !table.runs.empty();
  table.runs.reserve(table.runs.size() + counting.size());
  ReadingProgress progress(index, counting.size());
  for (const StoredRun& run : counting) {
    std::optional<RunAccount> account;
    if (run.manifest.state != RunState::running) {
      try {
        account = index.account(run);
        progress.show();
      } catch (const Error& error) {
        // One damaged file must not hide the rest of a sweep.
        table.notes.push_back(fmt::format("{} is left out: {}", run.manifest.run_id, error.what()));
        continue;
      }
    }
    RunRow row = row_of(run.manifest, account);
    if (has_searched) {
      add_whole_run(table.runs, std::move(row));
    } else {
      table.runs.push_back(std::move(row));
    }
  }
  return table;
}

}  // namespace gradwatt
