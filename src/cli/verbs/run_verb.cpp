#include "base/error.h"
#include "cli/catalog.h"
#include "cli/measuring_flags.h"
#include "cli/run_view_of.h"
#include "report/run_text.h"
#include "supervise/job_member.h"
#include "supervise/run_command.h"
#include "supervise/run_environment.h"
#include "units/show.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace gradwatt {
namespace {

constexpr int kFailedBeforeStart = 125;
constexpr int kNothingMeasured = 4;
constexpr Duration kIntervalMin = std::chrono::milliseconds(1);
constexpr Duration kIntervalMax = std::chrono::seconds(30);
constexpr Duration kSettleMax = std::chrono::seconds(30);

struct RunFlags {
  std::string name;
  std::vector<std::string> tags;
  std::string interval;
  std::string settle;
  std::string store;
  std::string point;
  std::string group;
  std::vector<std::string> stop_when;
  std::string grace;
  bool quiet = false;
  bool strict = false;
  MeasuringFlags measuring;
};

std::map<std::string, std::string> parse_tags(const std::vector<std::string>& texts) {
  std::map<std::string, std::string> tags;
  for (const std::string& text : texts) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw UsageError(fmt::format("'{}' is no tag", text), "--tag", "write -t key=value");
    }
    tags[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return tags;
}

Duration interval_of(const std::string& text) {
  const Duration interval = duration_flag(text, "--interval");
  if (interval < kIntervalMin || interval > kIntervalMax) {
    throw UsageError(fmt::format("'{}' is out of range", text),
                     "--interval",
                     "choose 1ms to 30s; slower than 30s a counter could wrap unseen");
  }
  return interval;
}

Duration settle_of(const std::string& text) {
  const Duration settle = duration_flag(text, "--settle");
  if (settle > kSettleMax) {
    throw UsageError(
        fmt::format("'{}' is out of range", text), "--settle", "choose 0s (never) to 30s");
  }
  return settle;
}

StopWatch::Options stop_of(const RunFlags& flags) {
  StopWatch::Options stop;
  for (const std::string& text : flags.stop_when) {
    stop.rules.push_back(parse_stop_rule(text));
  }
  if (!flags.grace.empty()) {
    stop.grace = duration_flag(flags.grace, "--grace");
  }
  return stop;
}

/// The job that the launcher's variables or --group name, and a run around this one in that job.
void find_job(const RunFlags& flags, RunOptions& options) {
  const auto variable = [](const char* name) -> std::optional<std::string> {
    const char* value = std::getenv(name);
    return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
  };
  options.job = identify_job(variable, flags.group, host_name());
  if (options.job && is_measured_around(*options.job, variable("GRADWATT_JOB").value_or(""))) {
    options.around = {variable("GRADWATT_RUN_ID").value_or(""),
                      variable("GRADWATT_SOCKET").value_or("")};
  }
}

RunOptions options_of(const RunFlags& flags, const std::vector<std::string>& command) {
  RunOptions options;
  options.name = flags.name;
  options.tags = parse_tags(flags.tags);
  if (!flags.point.empty()) {
    options.point = point_from_json(flags.point);
  }
  if (!flags.interval.empty()) {
    options.interval = interval_of(flags.interval);
  }
  if (!flags.settle.empty()) {
    options.settle = settle_of(flags.settle);
  }
  options.machine = flags.measuring.machine();
  options.cover = flags.measuring.cover();
  options.command = command;
  options.stop = stop_of(flags);
  find_job(flags, options);
  if (options.job && !options.stop.rules.empty()) {
    throw UsageError("one process of a job cannot stop the others",
                     "--stop-when",
                     "put gradwatt run around the launcher: gradwatt run -- mpirun ...");
  }
  return options;
}

/// One line on what is measured and what could be: "01JD8K  rapl pkg0 · nvml not readable".
void tell_start(const Manifest& manifest, const std::vector<Finding>& findings) {
  std::string text = "gradwatt: " + manifest.run_id.substr(0, 10) + " ";
  bool all_there = false;  // Kinds of sensors of other machines are not worth a word.
  bool any_denied = false;
  for (const Finding& finding : findings) {
    switch (finding.status) {
      case Finding::Status::present: {
        const bool is_estimate = finding.detail.starts_with("estimate");
        text += " " + finding.what + (is_estimate ? " (estimate) ·" : " ·");
        all_there = all_there || !is_estimate;
        break;
      }
      case Finding::Status::denied:
        text += " " + finding.what + " not readable ·";
        any_denied = true;
        break;
      case Finding::Status::absent:
      case Finding::Status::unused:
        break;
    }
  }
  text += all_there && !any_denied ? "" : " gradwatt doctor says why";
  while (text.ends_with(" ·")) {
    text.resize(text.size() - std::string_view(" ·").size());
  }
  fmt::print(stderr, "{}\n", text);
}

bool measured_anything(const RunView& view) {
  return view.account &&
         (view.account->kind == EnergyKind::measured || view.account->kind == EnergyKind::mixed);
}

std::filesystem::path temporary_store() {
  const char* temporary = std::getenv("TMPDIR");
  return std::filesystem::path(temporary != nullptr ? temporary : "/tmp") /
         ("gradwatt-" + std::to_string(::getuid()));
}

RunResult run_in(RunOptions& options, const std::filesystem::path& root) {
  const Store store(root);
  if (!options.host) {  // What is known of the sensors is in the store that was asked for.
    options.machine.calibration = calibration_of(root);
    options.host = sensor_hosts(root);
  }
  store.prepare();
  return run_command(options, store);
}

/// In the store, or in a private folder for temporary files when nothing can be added to the store,
/// or without measuring: the training is worth more than its record.
RunResult run_somewhere(RunOptions options, const RunFlags& flags) {
  const std::filesystem::path fallback = temporary_store();
  try {
    return run_in(options,
                  flags.store.empty() ? Store::default_root() : std::filesystem::path(flags.store));
  } catch (const UsageError&) {
    throw;
  } catch (const Error& error) {
    fmt::print(stderr,
               "gradwatt: {}\ngradwatt: this run is stored in {} instead\n",
               error.what(),
               fallback.string());
  }
  try {
    return run_in(options, fallback);
  } catch (const Error& error) {
    fmt::print(stderr,
               "gradwatt: {}\ngradwatt: there neither: the command runs without being measured\n",
               error.what());
  }
  return run_unmeasured(options.command);
}

/// Of a process whose node another one measures.
int end_of_member(const RunResult& result, const RunFlags& flags) {
  if (result.lead_lost && !flags.quiet) {
    fmt::print(stderr,
               "gradwatt: the process that measured this node ended before this command did: what "
               "was used since is not in run {}\n",
               result.measured_in->substr(0, 10));
  }
  if (result.lead_unseen && !flags.quiet) {
    fmt::print(
        stderr,
        "gradwatt: another process measures this node for run {}, and cannot be reached: the "
        "marks of this command are lost\n  → set XDG_RUNTIME_DIR to one folder for all "
        "processes of the node\n",
        result.measured_in->substr(0, 10));
  }
  const bool is_unknown = flags.strict && result.lead_lost && result.end.exit_status == 0;
  return is_unknown ? kNothingMeasured : result.end.exit_status;
}

void tell_end(const RunResult& result, const RunView& view) {
  fmt::print(stderr, "{}", run_summary_text(view));
  if (result.not_stored) {
    fmt::print(stderr, "gradwatt: not all could be stored: {}\n", *result.not_stored);
  }
  fmt::print(stderr, "saved {}   gradwatt show @last\n", result.manifest.run_id.substr(0, 10));
}

/// Other nodes of a job may still be running, or may have failed.
RunView view_after(const RunResult& result, bool is_of_job) {
  StoredRun run{result.folder, result.manifest};
  if (is_of_job) {
    try {
      run.manifest = load_manifest(result.folder);
    } catch (const Error& error) {
      fmt::print(stderr, "gradwatt: {}\n", error.what());
    }
  }
  return run_view_of(run);
}

int run(const RunFlags& flags, const VerbContext& context) {
  if (!context.has_child || context.child.empty()) {
    throw UsageError(
        "no command to run", "", "put it behind --, as in: gradwatt run -- python train.py");
  }
  RunOptions options = options_of(flags, context.child);
  if (!flags.quiet) {
    options.on_start = tell_start;
  }
  RunResult result;
  try {
    result = run_somewhere(options, flags);
  } catch (const Error& error) {
    fmt::print(stderr, "gradwatt: {}\n", error.what());
    return kFailedBeforeStart;
  }
  if (result.start_errno) {
    fmt::print(stderr,
               "gradwatt: {}: {}\n",
               printable(context.child.front()),
               std::generic_category().message(*result.start_errno));
    return result.end.exit_status;
  }
  if (result.measured_in) {
    return end_of_member(result, flags);
  }
  if (result.folder.empty()) {
    const bool is_success = result.end.exit_status == 0;
    return flags.strict && is_success ? kNothingMeasured : result.end.exit_status;
  }
  if (flags.quiet && !flags.strict) {
    return result.end.exit_status;  // Nobody reads the account now: it would only hold up the exit.
  }
  const RunView view = view_after(result, options.job.has_value());
  if (!flags.quiet) {
    tell_end(result, view);
  }
  if (flags.strict && result.end.exit_status == 0 && !measured_anything(view)) {
    fmt::print(stderr, "gradwatt: --strict: nothing was measured; gradwatt doctor says why\n");
    return kNothingMeasured;
  }
  return result.end.exit_status;
}

std::function<int()> declare(CLI::App& app, const VerbContext& context) {
  auto flags = std::make_shared<RunFlags>();
  app.footer("Usage: gradwatt run [flags] -- COMMAND [ARGUMENT...]");
  app.add_option("-n,--name", flags->name, "Name of the run");
  app.add_option("-t,--tag", flags->tags, "A key=value to find it by; may be repeated")->take_all();
  app.add_option(
      "--interval", flags->interval, "Time between readings [100ms; 500ms for an estimate]");
  app.add_option("--settle",
                 flags->settle,
                 "How long to wait at the end for slow counters [120ms, only after short runs]");
  app.add_option("--store", flags->store, "Folder of the store");
  app.add_option("--point", flags->point, "Place in a sweep, as JSON; set by gradwatt sweep");
  app.add_option("--group",
                 flags->group,
                 "Name of the job that several processes belong to, where the launcher gives none");
  app.add_option("--stop-when",
                 flags->stop_when,
                 "Stop the command when 'energy>120J', 'val_acc>=0.85' or 'epochs>=5' holds; may "
                 "be repeated")
      ->take_all();
  app.add_option("--grace", flags->grace, "Time between SIGTERM and SIGKILL then [10s]");
  app.add_flag("-q,--quiet", flags->quiet, "Say nothing on standard error");
  app.add_flag("--strict", flags->strict, "Exit with 4 when nothing could be measured");
  flags->measuring.declare(app);
  return [flags, &context] { return run(*flags, context); };
}

}  // namespace

Verb run_verb() { return {"run", "Run a command and measure it, untouched", declare}; }

}  // namespace gradwatt
