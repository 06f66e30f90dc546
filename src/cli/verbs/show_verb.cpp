#include "cli/carbon_flags.h"
#include "cli/carbon_runs.h"
#include "cli/catalog.h"
#include "cli/run_view_of.h"
#include "cli/run_window.h"
#include "report/carbon_view.h"
#include "report/run_json.h"
#include "report/run_text.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>
#include <optional>

namespace gradwatt {
namespace {

struct ShowFlags {
  std::string run = "@last";
  std::string store;
  std::string window;
  CarbonFlags carbon;
  bool json = false;
};

/// CO2 and cost of the run, when its electricity was told; nothing of it is stored.
std::optional<CarbonView> carbon_of(const StoredRun& run, const CarbonFlags& flags) {
  const CarbonRates rates = carbon_rates(flags);
  if (!asks_for_carbon(flags)) {
    return std::nullopt;
  }
  CarbonView view;
  view.rates = rates;
  view.runs.push_back(carbon_run_of(run, false));
  return view;
}

std::string with_carbon(const std::string& run_json, const CarbonView& carbon) {
  using Json = nlohmann::ordered_json;
  Json json = Json::parse(run_json);
  const Json numbers = Json::parse(carbon_to_json(carbon));
  json["carbon"] = {
      {"pue", numbers["pue"]},
      {"intensity", numbers["intensity"]},
      {"g_co2e", numbers["total"]["g_co2e"]},
      {"g_co2e_lo", numbers["total"]["g_co2e_lo"]},
      {"g_co2e_hi", numbers["total"]["g_co2e_hi"]},
      {"price", numbers["total"]["price"]},
      {"currency", carbon.rates.price ? Json(carbon.rates.price->currency) : Json(nullptr)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::function<int()> declare(CLI::App& app, const VerbContext&) {
  auto flags = std::make_shared<ShowFlags>();
  app.add_option("run", flags->run, "Prefix of an id, name, @last, @-2, tag:NAME or path [@last]");
  app.add_flag("--json", flags->json, "As JSON");
  app.add_option("--window",
                 flags->window,
                 "Only a part, in time since the run began: 12s..15s, 1min.. or ..500ms");
  app.add_option("--store", flags->store, "Folder of the store");
  add_carbon_flags(app, flags->carbon);
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
    const auto carbon = carbon_of(run, flags->carbon);
    if (flags->json) {
      fmt::print("{}", carbon ? with_carbon(run_to_json(view), *carbon) : run_to_json(view));
    } else {
      fmt::print("{}{}", run_detail_text(view), carbon ? carbon_summary_text(*carbon) : "");
    }
    return 0;
  };
}

}  // namespace

Verb show_verb() { return {"show", "Everything about one run", declare}; }

}  // namespace gradwatt
