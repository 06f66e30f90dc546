#include "cli/catalog.h"
#include "cli/run_view_of.h"
#include "cli/run_window.h"
#include "report/run_json.h"
#include "report/run_text.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <memory>

namespace gradwatt {
namespace {

struct ShowFlags {
  std::string run = "@last";
  std::string store;
  std::string window;
  bool json = false;
};

std::function<int()> declare(CLI::App& app, const VerbContext&) {
  auto flags = std::make_shared<ShowFlags>();
  app.add_option("run", flags->run, "Prefix of an id, name, @last, @-2, tag:NAME or path [@last]");
  app.add_flag("--json", flags->json, "As JSON");
  app.add_option("--window",
                 flags->window,
                 "Only a part, in time since the run began: 12s..15s, 1min.. or ..500ms");
  app.add_option("--store", flags->store, "Folder of the store");
  return [flags] {
    const Store store(flags->store.empty() ? Store::default_root()
                                           : std::filesystem::path(flags->store));
    const StoredRun run = store.find(flags->run);
    if (!flags->window.empty()) {
      RunWindow window = parse_window(flags->window);
      const RunView part = window_view_of(run, window);
      fmt::print("{}", flags->json ? window_to_json(part, window) : window_text(part, window));
      return 0;
    }
    const RunView view = run_view_of(run);
    fmt::print("{}", flags->json ? run_to_json(view) : run_detail_text(view));
    return 0;
  };
}

}  // namespace

Verb show_verb() { return {"show", "Everything about one run", declare}; }

}  // namespace gradwatt
