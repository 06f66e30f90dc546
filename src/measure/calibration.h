#pragma once

#include "trace/run_calibration.h"
#include "units/instant.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace gradwatt {

/// What `gradwatt calibrate` found out about one sensor. Absent: not found out.
struct SensorFacts {
  std::optional<Duration> refresh;  ///< The middle one of the times between two updates.
  std::optional<Duration> window;   ///< Power sensors: what one reading is the mean over.
  std::optional<Duration> lag;
  WallTime found_at;
};

/// What is known of this machine's sensors beyond what they say themselves; a JSON file in the
/// store, readable by its owner only.
class Calibration {
 public:
  std::map<std::string, SensorFacts> sensors;  ///< By "SOURCE/CHANNEL@DEVICE", see sensor_key.
  std::map<std::string, IdlePower> idle;       ///< By the same key.
  std::optional<WallFit> wall;

  /// Reads `file`; absent: nothing is known. Throws Error for a damaged file.
  [[nodiscard]] static Calibration load(const std::filesystem::path& file);
  /// Replaces `file` as a whole. Throws Error.
  void save(const std::filesystem::path& file) const;

  /// What a run that begins now keeps of it.
  [[nodiscard]] RunCalibration for_run() const { return {idle, wall}; }
};

}  // namespace gradwatt
