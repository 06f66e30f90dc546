#pragma once

#include "trace/run_account.h"
#include "trace/run_calibration.h"
#include "trace/state_summary.h"
#include "units/instant.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gradwatt {

/// One run as a report shows it: who it was and what it consumed. Plain values.
struct RunView {
  std::string run_id;
  std::string name;  ///< Empty: it was given none.
  std::vector<std::string> command;
  std::string directory;
  std::string state;
  std::optional<std::string> stopped_by;  ///< The rule by which its monitor stopped it.
  std::optional<int> exit_status;
  std::optional<int> signal;
  WallTime started_at;
  std::optional<double> duration_s;
  std::map<std::string, std::string> tags;
  std::map<std::string, std::string> environment;
  std::string sweep;  ///< Empty: not part of one.
  std::vector<std::pair<std::string, std::string>> factors;
  std::optional<int> repeat;
  /// Absent: its node file cannot be read now; `why_no_account` says why.
  std::optional<RunAccount> account;
  std::string why_no_account;
  /// What was known of the machine when the run began.
  std::optional<RunCalibration> calibration;
  StateSummaries devices;  ///< Temperatures, clocks, limits; empty: none were noted.
};

}  // namespace gradwatt
