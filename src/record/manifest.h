#pragma once

#include "trace/run_calibration.h"
#include "units/instant.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gradwatt {

enum class RunState { running, done, failed, interrupted };

/// A factor of a sweep and its value as the literal text of the sweep file ("1e-4", not 0.0001).
struct Factor {
  std::string name;
  std::string value;

  bool operator==(const Factor&) const = default;
};

/// The place of a run in a sweep.
struct SweepPoint {
  std::string sweep;            ///< Name of the sweep.
  std::string key;              ///< Identity: hash of command, values and repeat.
  std::vector<Factor> factors;  ///< The axes' values, in the file's order.
  int repeat = 0;               ///< From 0.
};

/// run.json: everything about a run that is not a sample or a mark.
struct Manifest {
  std::string run_id;  ///< ULID: 26 characters that sort by start time.
  std::string name;
  std::vector<std::string> command;
  std::string directory;  ///< Where the command was started.
  WallTime started_at;
  std::optional<Duration> duration;
  RunState state = RunState::running;
  std::optional<int> exit_status;  ///< As a shell reports it: 128 + n for signal n.
  std::optional<int> signal;       ///< The signal that killed the command.
  /// The rule by which its own monitor stopped it; the state is `interrupted` then.
  std::optional<std::string> stopped_by;
  std::map<std::string, std::string> tags;
  std::optional<SweepPoint> point;
  std::map<std::string, std::string> environment;  ///< Host, kernel, CPU, versions, git commit.
  /// What was known of the machine's sensors when the run began.
  std::optional<RunCalibration> calibration;
};

/// Writes `folder`/run.json atomically. Throws Error.
void save_manifest(const std::filesystem::path& folder, const Manifest& manifest);

/// Reads `folder`/run.json. A run whose monitor died without finishing is `interrupted`, although
/// the file still says running. What the nodes of a job wrote each for itself is joined: state, end
/// and duration are those of all. Throws Error when a file is absent, damaged or too new.
[[nodiscard]] Manifest load_manifest(const std::filesystem::path& folder);

[[nodiscard]] const char* name_of(RunState state);
/// The state with that name. Throws Error when there is none.
[[nodiscard]] RunState run_state_named(const std::string& name);

/// A sweep point as JSON text, for handing it to `gradwatt run --point`, and back.
/// {"sweep": "quickstart", "key": "…", "repeat": 0, "factors": [["batch", "64"], ["lr", "1e-1"]]}
[[nodiscard]] std::string point_to_json(const SweepPoint& point);
/// Throws UsageError when `text` is no such object.
[[nodiscard]] SweepPoint point_from_json(std::string_view text);

}  // namespace gradwatt
