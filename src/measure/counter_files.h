#pragma once

#include "measure/metered.h"
#include "measure/source.h"
#include "trace/counter.h"

#include <cerrno>
#include <utility>
#include <vector>

namespace gradwatt {

/// A source of files that each count energy in µJ. `Number` reads one: SysfsNumber, HwmonNumber.
/// Not thread-safe.
template <typename Number>
class CounterFiles final : public PowerSource {
 public:
  explicit CounterFiles(const Clock& clock) : clock_(clock) {}

  void add(ChannelInfo info, Number file, const CounterLimits& limits) {
    infos_.push_back(std::move(info));
    counters_.push_back({std::move(file), CounterMeter(limits)});
  }

  [[nodiscard]] const std::vector<ChannelInfo>& channels() const override { return infos_; }

  void read(std::span<ChannelReading> readings) noexcept override {
    for (std::size_t i = 0; i < counters_.size(); ++i) {
      auto& [file, meter] = counters_[i];
      const auto value = file.read();
      readings[i] = value && *value >= 0 ? metered(meter, clock_.now(), Energy{*value})
                                         : ReadFailure{"unreadable", value ? EINVAL : file.error()};
    }
  }

  void forget_last() noexcept override {
    for (Counter& counter : counters_) {
      counter.meter.forget_last();
    }
  }

 private:
  struct Counter {
    Number file;
    CounterMeter meter;
  };
  const Clock& clock_;
  std::vector<ChannelInfo> infos_;
  std::vector<Counter> counters_;
};

}  // namespace gradwatt
