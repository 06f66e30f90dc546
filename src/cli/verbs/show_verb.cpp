#include "cli/catalog.h"
#include "cli/run_view_of.h"
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
  bool json = false;
};

std::function<int()> declare(CLI::App& app, const VerbContext&) {
  auto flags = std::make_shared<ShowFlags>();
  app.add_option("run", flags->run, "Prefix of an id, name, @last, @-2, tag:NAME or path [@last]");
  app.add_flag("--json", flags->json, "As JSON");
  app.add_option("--store", flags->store, "Folder of the store");
  return [flags] {
    const Store store(flags->store.empty() ? Store::default_root()
                                           : std::filesystem::path(flags->store));
    const RunView view = run_view_of(store.find(flags->run));
    fmt::print("{}", flags->json ? run_to_json(view) : run_detail_text(view));
    return 0;
  };
}

}  // namespace

Verb show_verb() { return {"show", "Everything about one run", declare}; }

}  // namespace gradwatt
