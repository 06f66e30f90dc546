#include "plant/sensor.h"

#include "plant/random_stream.h"

#include <cmath>

namespace gradwatt {
namespace {

constexpr Duration kLongReading = std::chrono::milliseconds(30);
constexpr double kMicro = 1e6;
/// Counters that never wrap start somewhere: so much at most.
constexpr double kFirstMax_uj = 1e12;

}  // namespace

PlantSensor::PlantSensor(const Signal& signal,
                         const SensorSpec& spec,
                         const Fault& fault,
                         double scale_bound,
                         std::uint64_t seed)
    : signal_(signal), spec_(spec), fault_(fault), seed_(seed) {
  RandomStream random(seed);
  const double drift = random.between(-spec.drift, spec.drift);
  period_ns_ = std::llround(static_cast<double>(spec.refresh.count()) * (1 + drift));
  phase_ = Duration(std::llround(random.unit() * static_cast<double>(period_ns_)));
  // Devices of one kind differ: a quarter, half or the whole of the largest step.
  quantum_ = std::max<std::int64_t>(1, spec.quantum >> (random.next() % 3));
  const double share = random.between(-scale_bound, scale_bound);
  if (fault.kind == Fault::Kind::scale) {
    scale_ = 1 / (1 + share);
  }
  const double range = spec.range ? static_cast<double>(spec.range->microjoules) : kFirstMax_uj;
  first_uj_ = random.unit() * range;
  oddity_ = random.next();
}

Duration PlantSensor::time_of(std::int64_t renewal) const {
  // Each is off its own place on a regular grid: neighbours are period ± jitter apart.
  const double off = (RandomStream::unit_at(seed_, static_cast<std::uint64_t>(renewal)) - 0.5) *
                     static_cast<double>(spec_.jitter.count());
  return phase_ + Duration(renewal * period_ns_ + std::llround(off));
}

std::int64_t PlantSensor::renewal_at(Duration time) const {
  const std::int64_t since = (time - phase_).count();
  std::int64_t renewal = since / period_ns_ - (since % period_ns_ < 0 ? 1 : 0);
  if (spec_.jitter > Duration{}) {
    ++renewal;
    while (time_of(renewal) > time) {
      --renewal;
    }
  }
  return renewal;
}

Duration PlantSensor::latency(Duration time) const {
  return fault_.kind == Fault::Kind::latency && in_fault(time) ? kLongReading : Duration{};
}

std::optional<std::int64_t> PlantSensor::read(Duration time) {
  if (fault_.kind == Fault::Kind::failed_reads && in_fault(time)) {
    return std::nullopt;
  }
  if (!happened_ && time >= fault_.begin) {
    switch (fault_.kind) {
      case Fault::Kind::failed_read:
        happened_ = true;
        return std::nullopt;
      case Fault::Kind::glitch:
      case Fault::Kind::spike:
        happened_ = true;
        return odd_value(time);
      default:
        break;
    }
  }
  return spec_.is_counter ? shown_counter(time) : shown_power(time);
}

std::int64_t PlantSensor::shown_counter(Duration time) const {
  Duration renewed = time_of(renewal_at(time));
  double uj = first_uj_;
  const bool freezes =
      fault_.kind == Fault::Kind::freeze || fault_.kind == Fault::Kind::freeze_losing;
  const bool begins_anew = fault_.kind == Fault::Kind::reset || fault_.kind == Fault::Kind::suspend;
  double joules = 0;
  if (freezes && renewed >= fault_.begin) {
    const Duration frozen = time_of(renewal_at(fault_.begin));
    const Duration thaws = fault_.begin + fault_.length;
    if (renewed < thaws) {
      renewed = frozen;
    } else if (fault_.kind == Fault::Kind::freeze_losing) {
      joules -= signal_.joules(frozen, thaws);
    }
  }
  if (begins_anew && time >= fault_.begin) {
    uj = 0;
    joules -= signal_.until(fault_.begin);
    renewed = std::max(renewed, fault_.begin);
  }
  uj += (signal_.until(renewed) + joules) * scale_ * kMicro;
  auto value = static_cast<std::int64_t>(std::floor(uj / static_cast<double>(quantum_))) * quantum_;
  if (spec_.range) {
    const std::int64_t range = spec_.range->microjoules;
    value = (value % range + range) % range;
  }
  return value;
}

std::int64_t PlantSensor::shown_power(Duration time) const {
  const Duration end = time_of(renewal_at(time)) - spec_.lag;
  const double watts = signal_.joules(end - spec_.window, end) / seconds(spec_.window) * scale_;
  return std::llround(watts * kMicro / static_cast<double>(quantum_)) * quantum_;
}

std::int64_t PlantSensor::odd_value(Duration time) const {
  constexpr std::int64_t kMillionWatts = 1'000'000'000'000;
  if (!spec_.is_counter) {
    return kMillionWatts;
  }
  // Far from what is right, so that it makes no sense: nothing can tell a lie that is plausible.
  constexpr std::int64_t kFar = std::int64_t{1} << 44U;
  const std::int64_t shown = shown_counter(time);
  if (!spec_.range) {
    return oddity_ % 2 == 0 ? 0 : shown + kFar;
  }
  const std::int64_t range = spec_.range->microjoules;
  return (shown + range / 4 + static_cast<std::int64_t>(oddity_ >> 16U) % (range / 2)) % range;
}

}  // namespace gradwatt
