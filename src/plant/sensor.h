#pragma once

#include "plant/fault.h"
#include "plant/sensor_spec.h"
#include "plant/signal.h"

#include <cstdint>
#include <optional>

namespace gradwatt {

/// One sensor on a plant: what it shows at any time, with the faults of the sensor itself. Its
/// phase, jitter, quantum, first value and scale come from the seed: the same seed shows the same
/// values on every machine. Times are those of the signal. Not thread-safe.
class PlantSensor {
 public:
  /// `signal` must live longer. `scale_bound`: how far its scale may be off under that fault.
  PlantSensor(const Signal& signal,
              const SensorSpec& spec,
              const Fault& fault,
              double scale_bound,
              std::uint64_t seed);

  /// What a reading at `time` gives, in µJ or µW; nullopt: it fails. Times must not fall.
  /// Example: 300 W into a counter renewed every 100 ms: 30 J more at each renewal.
  [[nodiscard]] std::optional<std::int64_t> read(Duration time);
  /// How long a reading that begins at `time` takes.
  [[nodiscard]] Duration latency(Duration time) const;

  /// The renewal shown at `time`, and when a renewal is.
  [[nodiscard]] std::int64_t renewal_at(Duration time) const;
  [[nodiscard]] Duration time_of(std::int64_t renewal) const;

  [[nodiscard]] const SensorSpec& spec() const { return spec_; }
  [[nodiscard]] std::int64_t quantum() const { return quantum_; }
  [[nodiscard]] double scale() const { return scale_; }

 private:
  [[nodiscard]] bool in_fault(Duration time) const {
    return time >= fault_.begin && time < fault_.begin + fault_.length;
  }
  [[nodiscard]] std::int64_t shown_counter(Duration time) const;
  [[nodiscard]] std::int64_t shown_power(Duration time) const;
  [[nodiscard]] std::int64_t odd_value(Duration time) const;

  const Signal& signal_;
  SensorSpec spec_;
  Fault fault_;
  std::uint64_t seed_;
  Duration phase_{};
  std::int64_t period_ns_;
  std::int64_t quantum_;
  double scale_ = 1;
  double first_uj_ = 0;
  std::uint64_t oddity_;
  bool happened_ = false;
};

}  // namespace gradwatt
