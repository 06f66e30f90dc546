#include "cli/run_view_of.h"

#include "base/error.h"
#include "record/account.h"

namespace gradwatt {

RunView run_view_of(const StoredRun& run) {
  const Manifest& manifest = run.manifest;
  RunView view;
  view.run_id = manifest.run_id;
  view.name = manifest.name;
  view.command = manifest.command;
  view.directory = manifest.directory;
  view.state = name_of(manifest.state);
  view.exit_status = manifest.exit_status;
  view.signal = manifest.signal;
  view.started_at = manifest.started_at;
  view.tags = manifest.tags;
  view.environment = manifest.environment;
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
  if (manifest.state == RunState::running) {
    view.why_no_account = "it is still running";
    return view;
  }
  try {
    view.account = account_of(run.folder);
    if (!view.duration_s) {
      view.duration_s = seconds(view.account->end - view.account->begin);
    }
  } catch (const Error& error) {
    view.why_no_account = error.what();
  }
  return view;
}

}  // namespace gradwatt
