#include "cli/run_window.h"

#include "base/error.h"
#include "cli/run_view_of.h"
#include "record/account.h"
#include "record/window_reader.h"
#include "report/run_json.h"
#include "report/run_text.h"
#include "units/quantity_text.h"
#include "units/show.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace gradwatt {
namespace {

constexpr const char* kFlag = "--window";
constexpr const char* kForm = "give times since the run began, such as 12s..15s, 1min.. or ..500ms";

Duration time_of(std::string_view text) {
  const auto time = parse_duration(text);
  if (!time) {
    throw UsageError("no time: '" + std::string(text) + "'", kFlag, kForm);
  }
  return *time;
}

}  // namespace

RunWindow parse_window(std::string_view text) {
  const auto dots = text.find("..");
  if (dots == std::string_view::npos || text.size() == 2) {
    throw UsageError("no window: '" + std::string(text) + "'", kFlag, kForm);
  }
  RunWindow window;
  if (const auto begin = text.substr(0, dots); !begin.empty()) {
    window.begin = time_of(begin);
  }
  if (const auto end = text.substr(dots + 2); !end.empty()) {
    window.end = time_of(end);
  }
  if (window.end && *window.end <= window.begin) {
    throw UsageError("the window ends before it begins", kFlag, kForm);
  }
  return window;
}

RunView window_view_of(const StoredRun& run, RunWindow& window) {
  if (!load_node_parts(run.folder).empty()) {
    throw Error("a run of a job has no windows: its nodes' clocks need not agree",
                run.manifest.run_id,
                "gradwatt show gives its epochs, with what the clocks may be off");
  }
  WindowReader reader(run.folder);
  const Duration length = reader.end() - reader.begin();
  if (!window.end) {
    window.end = length;
  }
  if (*window.end > length || window.begin >= *window.end) {
    throw UsageError(
        "the window leaves the run, which took " + fmt::format("{} s", seconds(length)),
        kFlag,
        kForm);
  }
  const Instant begin = reader.begin();
  RunView view = run_view_without_account(run.manifest);
  view.account = account_of(reader.record_of(begin + window.begin, begin + *window.end));
  view.duration_s = seconds(*window.end - window.begin);
  return view;
}

std::string window_to_json(const RunView& view, const RunWindow& window) {
  using Json = nlohmann::ordered_json;
  // The same fields as for the whole run, so that nothing has to be learnt twice.
  Json run = Json::parse(run_to_json(view));
  Json json;
  for (const char* key : {"schema", "run_id", "name", "state"}) {
    json[key] = std::move(run[key]);
  }
  const double begin_s = seconds(window.begin);
  json["window"] = {{"begin_s", begin_s}, {"end_s", seconds(window.end.value_or(window.begin))}};
  json["duration_s"] = std::move(run["duration_s"]);
  json["energy"] = std::move(run["energy"]);
  json["gaps"] = std::move(run["monitor"]["gaps"]);
  for (Json& gap : json["gaps"]) {
    for (const char* key : {"begin_s", "end_s"}) {
      gap[key] = gap[key].get<double>() + begin_s;  // Since the run began, as in the run's own.
    }
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string window_text(const RunView& view, const RunWindow& window) {
  return fmt::format("{} to {} since the run began\n",
                     show_duration(window.begin),
                     show_duration(window.end.value_or(window.begin))) +
         run_detail_text(view);
}

}  // namespace gradwatt
