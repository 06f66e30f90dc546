#pragma once

#include "trace/run_account.h"
#include "trace/wall_fit.h"

#include <map>
#include <optional>
#include <string>

namespace gradwatt {

/// The idle power of one channel, measured while nothing ran.
struct IdlePower {
  Power mean;
  Power spread;  ///< Standard deviation over one-second windows.
  double duration_s = 0;
  std::optional<Power> with_context;  ///< GPUs: with a program's context open but no work.
  WallTime found_at;
};

/// "nvml/gpu0@GPU-1234": stays the same while the device does.
[[nodiscard]] std::string sensor_key(const std::string& source,
                                     const std::string& channel,
                                     const std::string& device);
[[nodiscard]] std::string sensor_key(const ChannelInfo& channel);

/// What was known of the machine when a run began, kept with the run: calibrating anew does not
/// change what was said of it.
struct RunCalibration {
  std::map<std::string, IdlePower> idle;  ///< By sensor_key.
  std::optional<WallFit> wall;
};

/// The idle power of what the total is made of; nullopt unless it is known of every channel.
[[nodiscard]] std::optional<Power> idle_power(const RunAccount& account,
                                              const RunCalibration& calibration);

/// What the total's channels consumed beyond being idle: E - P_idle x T.
///
/// The sensor that measured E has measured P_idle, so its gain error holds for the difference:
/// lo = E_lo - (1 - gain_lo) x P_idle x T - u, hi = E_hi - (1 + gain_hi) x P_idle x T + u, where
/// u = 2 spread x T is how far idle power may have wandered since. May be below 0.
/// Example: 1000 J in 10 s [950, 1050] at ±5 %, idle 20 W with a spread of 0.5 W: 800 J [750, 850].
[[nodiscard]] std::optional<BoundedEnergy> above_idle(const RunAccount& account,
                                                      const RunCalibration& calibration);

struct WallEnergy {
  std::optional<BoundedEnergy> energy;
  std::string why_not;  ///< Empty also when no meter was ever fitted.
};

/// What a meter at the wall would have shown: offset x T + gain x total.
///
/// The sensors' own gain is part of the fit, so only the random part of the total's interval
/// remains, and 2 residuals x T for what the line does not explain. Refused for another set of
/// channels than it was fitted for and for a mean power outside what it was fitted on.
/// Example: 1000 J in 10 s with 30 W + 1.2 x sum: 1500 J.
[[nodiscard]] WallEnergy wall_energy(const RunAccount& account, const RunCalibration& calibration);

}  // namespace gradwatt
