#include "measure/idle_measurement.h"

#include "measure/machine_cpu_time.h"
#include "measure/sensor_recording.h"

#include <cmath>
#include <unistd.h>

namespace gradwatt {
namespace {

constexpr double kWindow_s = 1;
constexpr std::size_t kWindowsMin = 5;

/// Keeps what sensors tell as curves, one for each channel; see record_sensors for threads.
class CurveSink {
 public:
  CurveSink(const std::vector<SourceColumns>& columns, Instant begin) : begin_(begin) {
    for (const SourceColumns& source : columns) {
      infos_.push_back(source.channels);
      curves_.emplace_back(source.channels.size());
    }
  }

  [[nodiscard]] SampleSink sink() {
    return {[this](const SampleRow& row) { take(row); }, [this](const GapRow& row) { take(row); }};
  }

  [[nodiscard]] const std::vector<std::vector<ChannelInfo>>& infos() const { return infos_; }
  [[nodiscard]] const EnergyCurve& curve(std::size_t source, std::size_t channel) const {
    return curves_[source][channel];
  }

 private:
  void take(const SampleRow& row) {
    auto& curves = curves_[static_cast<std::size_t>(row.source)];
    const double t_s = seconds(row.time - begin_);
    for (std::size_t c = 0; c < curves.size(); ++c) {
      if (row.channels[c] && (curves[c].times_s().empty() || t_s > curves[c].times_s().back())) {
        curves[c].add(t_s, row.channels[c]->joules());
      }
    }
  }
  void take(const GapRow& row) {
    const auto source = static_cast<std::size_t>(row.source);
    for (std::size_t c = 0; row.gap.energy_lost && c < curves_[source].size(); ++c) {
      if (infos_[source][c].channel == row.gap.channel) {
        curves_[source][c].add_gap(seconds(row.gap.begin - begin_), seconds(row.gap.end - begin_));
      }
    }
  }

  Instant begin_;
  std::vector<std::vector<ChannelInfo>> infos_;
  std::vector<std::vector<EnergyCurve>> curves_;
};

}  // namespace

std::optional<IdlePower> idle_power_of(const EnergyCurve& curve) {
  if (curve.empty()) {
    return std::nullopt;
  }
  const auto count = static_cast<std::size_t>((curve.end_s() - curve.begin_s()) / kWindow_s);
  double n = 0;
  double sum = 0;
  double squares = 0;
  for (const double watts : cells_of(curve, curve.begin_s(), kWindow_s, count)) {
    if (!std::isnan(watts)) {
      n += 1;
      sum += watts;
      squares += watts * watts;
    }
  }
  if (n < static_cast<double>(kWindowsMin)) {
    return std::nullopt;
  }
  IdlePower idle;
  idle.mean = Power{sum / n};
  idle.spread = Power{std::sqrt(std::max(0.0, (squares - sum * sum / n) / (n - 1)))};
  idle.duration_s = n * kWindow_s;
  return idle;
}

IdleMeasurement measure_idle(SensorSet& sensors, const Machine& machine, Duration length) {
  const Clock& clock = *machine.clock;
  const Instant begin = clock.now();
  CurveSink curves(sensors.columns(), begin);
  MachineCpuTime cpu_time(machine.sysroot);
  const auto used_before = cpu_time.read();
  record_sensors(sensors, clock, length, curves.sink());
  const auto used_after = cpu_time.read();
  IdleMeasurement result;
  const double passed = seconds(clock.now() - begin);
  if (const long cpus = ::sysconf(_SC_NPROCESSORS_ONLN);
      used_before && used_after && cpus > 0 && passed > 0) {
    result.cpu_busy = seconds(*used_after - *used_before) / (passed * static_cast<double>(cpus));
  }
  for (std::size_t s = 0; s < curves.infos().size(); ++s) {
    for (std::size_t c = 0; c < curves.infos()[s].size(); ++c) {
      auto power = idle_power_of(curves.curve(s, c));
      if (power) {
        power->found_at = clock.wall();
      }
      result.channels.push_back({curves.infos()[s][c], power});
    }
  }
  return result;
}

}  // namespace gradwatt
