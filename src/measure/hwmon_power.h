#pragma once

#include "measure/hwmon.h"
#include "measure/power_channel.h"
#include "measure/source.h"

#include <optional>
#include <string>
#include <vector>

namespace gradwatt {

/// A power as a chip gives it: one number, or a voltage and a current that are multiplied.
class HwmonSensor {
 public:
  HwmonSensor(HwmonNumber power, double watts_per_unit)
      : first_(std::move(power)), watts_per_unit_(watts_per_unit) {}
  HwmonSensor(HwmonNumber voltage, HwmonNumber current, double watts_per_unit)
      : first_(std::move(voltage)), second_(std::move(current)), watts_per_unit_(watts_per_unit) {}

  /// Reads it now, voltage and current one right after the other. nullopt: see error().
  [[nodiscard]] std::optional<Power> read() noexcept;
  [[nodiscard]] int error() const { return error_; }
  /// The file that is read, for messages.
  [[nodiscard]] std::filesystem::path file() const { return first_.file(); }

 private:
  HwmonNumber first_;
  std::optional<HwmonNumber> second_;
  double watts_per_unit_;
  int error_ = 0;
};

/// Why `what` cannot be measured: its sensor could not be read just now.
[[nodiscard]] Finding unreadable(std::string what, const HwmonSensor& sensor);

/// A source of power sensors in hwmon and their like. It asks them no more often than they have
/// something new to say: behind such a file is an I2C bus or the firmware. Not thread-safe.
class HwmonPower final : public PowerSource {
 public:
  explicit HwmonPower(const Clock& clock) : clock_(clock) {}

  /// `info.power_max` must be known: above it a reading makes no sense.
  void add(ChannelInfo info, HwmonSensor sensor);
  /// A channel for the sum of those added so far at `members`: known when all of them are.
  void add_sum(ChannelInfo info, std::vector<std::size_t> members);

  [[nodiscard]] const std::vector<ChannelInfo>& channels() const override { return infos_; }
  void read(std::span<ChannelReading> readings) noexcept override;
  /// "unchanged" is 1 for a sensor that has said the same for long, and 0 when it moves again.
  void read_states(std::vector<DeviceState>& states) noexcept override;
  void forget_last() noexcept override;
  /// The shortest update period among the sensors.
  [[nodiscard]] Duration shortest_interval() const override { return shortest_interval_; }

 private:
  struct Line {
    std::optional<HwmonSensor> sensor;  ///< Absent: a sum.
    std::vector<std::size_t> members;
    PowerChannel channel;
    bool stood_still = false;
  };
  void add_line(ChannelInfo info, Line line);
  [[nodiscard]] ChannelReading sense(Line& line);
  [[nodiscard]] ChannelReading sum(Line& line);

  const Clock& clock_;
  std::vector<ChannelInfo> infos_;
  std::vector<Line> lines_;
  Duration shortest_interval_{};
  std::optional<Instant> last_read_;
};

}  // namespace gradwatt
