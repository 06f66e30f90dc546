#include "base/closest_name.h"
#include "base/error.h"
#include "cli/catalog.h"
#include "cli/conduct_stored_search.h"
#include "cli/conduct_stored_sweep.h"
#include "cli/submit_sweep.h"
#include "experiment/command_template.h"
#include "experiment/search_plan.h"
#include "experiment/slurm_queue.h"
#include "experiment/sweep_file.h"
#include "record/run_index.h"
#include "record/store.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace gradwatt {
namespace {

struct SweepFlags {
  std::string file;
  std::string store;
  std::string strategy;
  bool json = false;
  bool dry_run = false;
  bool retry_failed = false;
  bool resume = false;
};

/// Refuses to begin what was to go on. Throws UsageError when the store has neither a run nor a
/// submission of the sweep.
void require_started(const SweepFile& file, const Store& store) {
  RunIndex index(store);
  const SlurmRecords records(store.root() / "sweeps" / file.name);
  if (index.of_sweep(file.name).empty() && records.submitted().empty()) {
    throw UsageError("nothing of the sweep '" + file.name + "' is in this store to go on with",
                     store.root().string(),
                     "name its store with --store or GRADWATT_STORE; to begin, leave out --resume");
  }
}

int sweep(const SweepFlags& flags) {
  SweepFile file = load_sweep_file(flags.file);
  if (!flags.strategy.empty()) {
    const auto strategy = search_strategy_named(flags.strategy);
    if (!strategy) {
      throw UsageError("no strategy '" + flags.strategy + "'",
                       "--strategy",
                       known_names(flags.strategy, search_strategy_names()));
    }
    file.search.strategy = *strategy;
    check_search(file, flags.file);
  }
  const auto root =
      flags.store.empty() ? Store::default_root() : std::filesystem::path(flags.store);
  const Store store(std::filesystem::absolute(root));
  if (flags.resume) {
    require_started(file, store);
  }
  std::vector<std::string> again{"gradwatt", "sweep", flags.file};
  if (!flags.strategy.empty()) {
    again.insert(again.end(), {"--strategy", flags.strategy});
  }
  const SweepSession session{shell_quoted(again), flags.retry_failed, {}, flags.json};
  if (file.slurm) {
    return flags.dry_run ? show_submission(file, store, session)
                         : submit_sweep(file, store, session);
  }
  if (file.search.strategy != SearchStrategy::grid && !flags.dry_run) {
    return conduct_stored_search(file, store, session);
  }
  return flags.dry_run ? show_planned_sweep(file, store, session)
                       : conduct_stored_sweep(file, store, session);
}

std::function<int()> declare(CLI::App& app, const VerbContext& context) {
  const auto flags = std::make_shared<SweepFlags>();
  app.add_option("FILE", flags->file, "The sweep file; docs/sweeps.md has the format")
      ->required()
      ->type_name("");
  app.add_flag("--dry-run", flags->dry_run, "Show the order and every command, and run nothing");
  app.add_flag("--resume", flags->resume, "Go on with a sweep, and refuse to begin one");
  app.add_flag("--retry-failed", flags->retry_failed, "Run failed points again");
  app.add_option("--strategy",
                 flags->strategy,
                 "grid, joule-halving, sequential-cap or successive-halving [the file's]")
      ->type_name("NAME");
  app.add_flag("--json", flags->json, "What a search found, as JSON on standard output");
  app.add_option("--store", flags->store, "Where runs are kept")->type_name("DIR");
  const bool has_child = context.has_child;
  return [flags, has_child] {
    if (has_child) {
      throw UsageError(
          "a sweep takes its command from its file", "--", "write command = [...] in [sweep]");
    }
    return sweep(*flags);
  };
}

}  // namespace

Verb sweep_verb() {
  return {
      "sweep", "Run and measure every setup of a grid; continues what was interrupted", declare};
}

}  // namespace gradwatt
