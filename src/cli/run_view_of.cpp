#include "cli/run_view_of.h"

#include "base/error.h"
#include "record/account.h"
#include "record/idle_shares.h"
#include "record/imported_meter.h"

namespace gradwatt {

RunView run_view_without_account(const Manifest& manifest) {
  RunView view;
  view.run_id = manifest.run_id;
  view.name = manifest.name;
  view.command = manifest.command;
  view.directory = manifest.directory;
  view.state = name_of(manifest.state);
  view.stopped_by = manifest.stopped_by;
  view.exit_status = manifest.exit_status;
  view.signal = manifest.signal;
  view.started_at = manifest.started_at;
  view.tags = manifest.tags;
  view.environment = manifest.environment;
  view.calibration = manifest.calibration;
  if (manifest.duration) {
    view.duration_s = seconds(*manifest.duration);
  }
  if (manifest.point) {
    view.sweep = manifest.point->sweep;
    view.repeat = manifest.point->repeat;
    for (const Factor& factor : manifest.point->factors) {
      view.factors.emplace_back(factor.name, factor.value);
    }
  }
  return view;
}

namespace {

void read_account(const std::filesystem::path& folder, RunView& view) {
  const auto records = read_node_files(folder);
  const auto parts = load_node_parts(folder);
  view.account = account_of(records, parts, folder);
  add_idle_shares(*view.account, records, view.calibration);
  for (const NodeRecord& record : records) {
    for (auto& [device, states] : state_summaries(record.states, record.end)) {
      view.devices.emplace(parts.empty() ? device : record.host + "/" + device, std::move(states));
    }
  }
  std::vector<ImportedMeter> meters = imported_meters(folder);
  for (ImportedMeter& meter : meters) {
    view.account->channels.push_back(std::move(meter.account));
  }
}

/// "it is still running", and where, of the nodes of a job.
std::string where_it_runs(const std::filesystem::path& folder) {
  std::string running;
  std::string ended;
  for (const NodePart& part : load_node_parts(folder)) {
    std::string& list = part.state == RunState::running ? running : ended;
    list += (list.empty() ? "" : ", ") + part.node;
  }
  return "it is still running" + (running.empty() ? "" : " on " + running) +
         (ended.empty() ? "" : ", and has ended on " + ended);
}

}  // namespace

RunView run_view_of(const StoredRun& run) {
  RunView view = run_view_without_account(run.manifest);
  if (run.manifest.state == RunState::running) {
    try {
      view.why_no_account = where_it_runs(run.folder);
    } catch (const Error& error) {
      view.why_no_account = error.what();
    }
    return view;
  }
  try {
    read_account(run.folder, view);
    if (!view.duration_s) {
      view.duration_s = seconds(view.account->end - view.account->begin);
    }
  } catch (const Error& error) {
    view.why_no_account = error.what();
  }
  return view;
}

}  // namespace gradwatt
