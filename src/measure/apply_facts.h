#pragma once

#include "measure/calibration.h"
#include "measure/source.h"

#include <fmt/format.h>

namespace gradwatt {

/// Replaces what is assumed of a sensor's time by what `gradwatt calibrate` found out about it.
inline void apply_facts(ChannelInfo& info, const Machine& machine) {
  if (!machine.calibration) {
    return;
  }
  const auto& sensors = machine.calibration->sensors;
  const auto known = sensors.find(fmt::format("{}/{}@{}", info.source, info.channel, info.device));
  if (known == sensors.end()) {
    return;
  }
  info.refresh = known->second.refresh.value_or(info.refresh);
  info.lag = known->second.lag.value_or(info.lag);
  if (info.method == "power") {
    info.window = known->second.window.value_or(info.window);
  }
}

}  // namespace gradwatt
