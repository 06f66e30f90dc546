#pragma once

#include "plant/sensor.h"
#include "plant/signal.h"
#include "record/node_file.h"
#include "simulate/plant_source.h"
#include "trace/run_account.h"

#include <cstdint>
#include <vector>

namespace gradwatt {

/// A run to simulate. Everything that chance decides comes from `seed`.
struct SimulationSetup {
  const Signal* signal = nullptr;
  SensorSpec sensor;
  Fault fault;  ///< Its times count from the run's begin.
  PlantLimits limits;
  std::uint64_t seed = 1;
  Duration duration = std::chrono::seconds(60);
  int epochs = 0;
  /// The run begins so long behind the signal's time 0, or up to `shift_max` later by chance.
  Duration shift_max{};
  std::optional<Duration> interval;  ///< Between readings; nullopt: as is usual for the sensor.
};

/// A stretch of a simulated run with what was truly consumed in it.
struct TrueWindow {
  Duration begin{};  ///< Of the signal's time.
  Duration end{};
  double joules = 0;
};

/// What was measured and what is true.
struct SimulatedRun {
  NodeRecord record;
  TrueWindow total;
  std::vector<TrueWindow> epochs;
  Duration last_reading{};  ///< Of the signal's time: nothing was seen of what came later.
  PlantSensor sensor;       ///< As it would be without the fault.
};

/// Adds a fault that lasts long enough to be noticed where it can be, at a time that the setup's
/// seed decides, and what belongs to it: a small range for wraps, a bound for a scale error.
void add_fault(SimulationSetup& setup, Fault::Kind kind);

/// Runs the setup on a virtual clock through the code that measures real runs: the sensor's values
/// through CounterMeter or PowerMeter, read by Poller at the times of SamplingSchedule, with the
/// marks of a program that sends them over a socket. Wakes come late as on a busy machine.
/// Example: constant 300 W for 10 s through a counter gives an account that holds 3000 J.
[[nodiscard]] SimulatedRun simulate(const SimulationSetup& setup);

}  // namespace gradwatt
