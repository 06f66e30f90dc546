#include "cli/run_source.h"

#include "analyze/run_table.h"
#include "base/closest_name.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/sweep_table.h"
#include "record/run_index.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <set>

namespace gradwatt {
namespace {

using Factors = std::vector<std::pair<std::string, std::string>>;

/// "batch=64,lr=0.1", also with "factor." before a name; nullopt when it is none.
std::optional<Factors> factors_in(std::string_view text) {
  constexpr std::string_view kPrefix = "factor.";
  Factors factors;
  while (true) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view part = text.substr(0, comma);
    if (part.starts_with(kPrefix)) {
      part.remove_prefix(kPrefix.size());
    }
    const std::size_t sign = part.find('=');
    if (sign == std::string_view::npos || sign == 0) {
      return std::nullopt;
    }
    factors.emplace_back(part.substr(0, sign), part.substr(sign + 1));
    if (comma == text.size()) {
      return factors;
    }
    text.remove_prefix(comma + 1);
  }
}

bool has_factors(const RunRow& run, const Factors& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const auto& factor) {
    return std::find(run.factors.begin(), run.factors.end(), factor) != run.factors.end();
  });
}

std::vector<RunRow> with_factors(const std::vector<RunRow>& runs, const Factors& wanted) {
  std::vector<RunRow> fitting;
  std::copy_if(runs.begin(), runs.end(), std::back_inserter(fitting), [&](const RunRow& run) {
    return has_factors(run, wanted);
  });
  return fitting;
}

/// What there is instead of something that was asked for.
std::string factors_there(const std::vector<RunRow>& runs) {
  constexpr std::size_t kShown = 8;
  std::set<std::string> there;
  for (const RunRow& run : runs) {
    for (const auto& [name, value] : run.factors) {
      there.insert(fmt::format("{}={}", name, value));
    }
  }
  if (there.empty()) {
    return "these runs have no factors";
  }
  std::string text = "there are";
  std::size_t shown = 0;
  for (const std::string& one : there) {
    if (++shown > kShown) {
      return text + ", ...";
    }
    text += (shown == 1 ? " " : ", ") + one;
  }
  return text;
}

RunRow loaded(RunIndex& index, const StoredRun& run) {
  return row_of(
      run.manifest,
      run.manifest.state == RunState::running ? std::nullopt : std::optional(index.account(run)));
}

std::vector<RunRow> with_tag(RunIndex& index, std::string_view tag) {
  const std::size_t sign = tag.find('=');
  const std::string name(tag.substr(0, sign));
  std::vector<RunRow> runs;
  for (const StoredRun& run : index.list().runs) {
    const auto found = run.manifest.tags.find(name);
    if (found != run.manifest.tags.end() &&
        (sign == std::string_view::npos || found->second == tag.substr(sign + 1))) {
      runs.push_back(loaded(index, run));
    }
  }
  return runs;
}

}  // namespace

void add_run_source_flags(CLI::App& app, RunSourceFlags& flags) {
  app.add_option("--from", flags.from, "A table of runs or epochs (CSV) instead of the store")
      ->type_name("FILE");
  app.add_option("--store", flags.store, "Where runs are kept")->type_name("DIR");
}

RunSource::RunSource(const RunSourceFlags& flags)
    : table_file_(flags.from),
      store_(flags.store.empty() ? Store::default_root() : std::filesystem::path(flags.store)) {
  if (table_file_.empty()) {
    return;
  }
  const auto text = read_text(table_file_);
  if (!text) {
    throw UsageError(system_error("cannot read", table_file_, errno).what(), "--from");
  }
  RunTable table = parse_run_table(*text, table_file_);
  for (const std::string& note : table.notes) {
    fmt::print(stderr, "gradwatt: note: {}\n", note);
  }
  table_ = std::move(table.runs);
}

std::vector<RunRow> RunSource::all() const {
  if (!is_table()) {
    throw UsageError("which runs?",
                     store_.root().string(),
                     "name a sweep, runs or tag:NAME, or give a table with --from FILE.csv");
  }
  return table_;
}

std::vector<RunRow> RunSource::select(const std::string& selector) const {
  if (!is_table()) {
    return of_store(selector);
  }
  std::vector<RunRow> runs;
  std::copy_if(table_.begin(), table_.end(), std::back_inserter(runs), [&](const RunRow& run) {
    return run.run == selector;
  });
  const auto factors = factors_in(selector);
  if (runs.empty() && factors) {
    runs = with_factors(table_, *factors);
  }
  if (runs.empty()) {
    throw Error(
        fmt::format("no run '{}'", selector),
        table_file_,
        "name a run of its column 'run', or factors as NAME=VALUE; " + factors_there(table_));
  }
  return runs;
}

std::vector<RunRow> RunSource::of_store(const std::string& selector) const {
  constexpr std::string_view kTag = "tag:";
  RunIndex index(store_);
  const auto sweep_runs = [&](const std::string& name) -> std::optional<std::vector<RunRow>> {
    std::vector<StoredRun> stored = index.of_sweep(name);
    if (stored.empty()) {
      return std::nullopt;
    }
    SweepTable table = sweep_table_of(index, std::move(stored));
    for (const std::string& note : table.notes) {
      fmt::print(stderr, "gradwatt: note: {}\n", note);
    }
    return std::move(table.runs);
  };
  if (selector.starts_with(kTag)) {
    auto runs = with_tag(index, std::string_view(selector).substr(kTag.size()));
    if (!runs.empty()) {
      return runs;
    }
  }
  const std::size_t colon = selector.find(':');
  const auto factors =
      factors_in(std::string_view(selector).substr(colon == std::string::npos ? 0 : colon + 1));
  const auto of_prefix =
      factors && colon != std::string::npos ? sweep_runs(selector.substr(0, colon)) : std::nullopt;
  if (of_prefix) {
    auto fitting = with_factors(*of_prefix, *factors);
    if (fitting.empty()) {
      throw Error(fmt::format("no run of the sweep has {}", selector.substr(colon + 1)),
                  selector,
                  factors_there(*of_prefix));
    }
    return fitting;
  }
  if (factors && colon == std::string::npos) {
    std::vector<RunRow> runs;
    for (const StoredRun& run : index.list().runs) {
      if (run.manifest.point && has_factors(row_of(run.manifest, std::nullopt), *factors)) {
        runs.push_back(loaded(index, run));
      }
    }
    if (!runs.empty()) {
      return runs;
    }
  }
  if (auto runs = sweep_runs(selector)) {
    return std::move(*runs);
  }
  return {loaded(index, store_.find(selector))};
}

std::vector<RunRow> RunSource::select(const std::vector<std::string>& selectors) const {
  std::vector<RunRow> runs;
  std::set<std::string> seen;
  for (const std::string& selector : selectors) {
    for (RunRow& run : select(selector)) {
      if (seen.insert(run.run).second) {
        runs.push_back(std::move(run));
      }
    }
  }
  return runs;
}

void refuse_shared_runs(const std::vector<std::vector<RunRow>>& groups) {
  std::set<std::string> seen;
  for (const std::vector<RunRow>& group : groups) {
    for (const RunRow& run : group) {
      if (!seen.insert(run.run).second) {
        throw UsageError(fmt::format("run {} is on both sides", run.run),
                         "comparing",
                         "name other runs for each side");
      }
    }
  }
}

}  // namespace gradwatt
