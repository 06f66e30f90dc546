#include "cli/catalog.h"
#include "cli/run_view_of.h"
#include "record/run_index.h"
#include "report/run_json.h"
#include "report/run_text.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>

namespace gradwatt {
namespace {

struct ListFlags {
  std::string store;
  std::string sweep;
  std::size_t last = 20;
  bool all = false;
};

int list(const ListFlags& flags) {
  const Store store(flags.store.empty() ? Store::default_root()
                                        : std::filesystem::path(flags.store));
  Store::Listing listing = RunIndex(store).list();
  if (!flags.sweep.empty()) {
    std::erase_if(listing.runs, [&](const StoredRun& run) {
      return !run.manifest.point || run.manifest.point->sweep != flags.sweep;
    });
  }
  const std::size_t found = listing.runs.size();
  const std::size_t shown = flags.all ? found : std::min(found, flags.last);
  std::vector<RunView> views;
  for (std::size_t i = found - shown; i < found; ++i) {
    views.push_back(run_view_of(listing.runs[i]));
  }
  if (found == 0) {
    fmt::print(
        stderr, "no runs in {} yet: gradwatt run -- COMMAND makes one\n", store.root().string());
  } else {
    fmt::print("{}", run_list_text(views));
  }
  if (shown < found) {
    fmt::print(stderr, "{} older runs: gradwatt ls --all\n", found - shown);
  }
  for (const std::string& damaged : listing.damaged) {
    fmt::print(stderr, "not readable: {}\n", damaged);
  }
  if (const std::size_t count = listing.without_manifest.size(); count > 0) {
    fmt::print(stderr,
               "note: {} without run.json, of {} that failed: {}{} can be removed\n",
               count == 1 ? "a folder" : fmt::format("{} folders", count),
               count == 1 ? "a start" : "starts",
               listing.without_manifest.front().string(),
               count == 1 ? "" : " and the others");
  }
  return 0;
}

std::function<int()> declare(CLI::App& app, const VerbContext&) {
  auto flags = std::make_shared<ListFlags>();
  app.add_option("--sweep", flags->sweep, "Only the runs of this sweep");
  app.add_option("-l,--last", flags->last, "How many of the newest runs [20]");
  app.add_flag("-a,--all", flags->all, "All of them");
  app.add_option("--store", flags->store, "Folder of the store");
  return [flags] { return list(*flags); };
}

}  // namespace

Verb list_verb() { return {"ls", "List runs, the newest last; ~ marks estimated energy", declare}; }

}  // namespace gradwatt
