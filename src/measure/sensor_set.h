#pragma once

#include "measure/poller.h"
#include "measure/sampler.h"
#include "measure/scope_cover.h"
#include "measure/sensor_host.h"
#include "measure/source.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace gradwatt {

/// All sensors of this machine: those that cannot block are read by a thread here, the others by a
/// process each. Finds them, says which of them make up the total, and samples them.
class SensorSet {
 public:
  struct Options {
    std::span<const SourceFamily> families;
    CoverChoice cover = CoverChoice::components;
    /// Time between readings. Absent: 100 ms, or 500 ms where only an estimate is to be had, which
    /// more readings would not make better: marks ask for their own.
    std::optional<Duration> interval;
    /// How to start the process that reads `family`. Absent: every family is read here.
    std::function<SensorHost::Options(const SourceFamily& family, std::optional<Duration> interval)>
        host;
  };

  /// Looks for all of them: at most a few seconds, however many vendors' libraries hang.
  SensorSet(const Machine& machine, const Options& options);
  ~SensorSet();
  SensorSet(const SensorSet&) = delete;
  SensorSet& operator=(const SensorSet&) = delete;

  /// In the order of the families.
  [[nodiscard]] const std::vector<Finding>& findings() const { return findings_; }
  [[nodiscard]] const std::vector<SourceColumns>& columns() const { return columns_; }
  [[nodiscard]] const std::vector<LeftOut>& left_out() const { return left_out_; }

  /// Takes the first reading of all, from which the run's first microjoule is counted.
  void take_first_reading(SampleSink sink);
  /// From now on readings come by themselves, on threads of this object.
  void begin();
  /// Something begins or ends now. Never blocks.
  void nudge();
  /// Hands over what processes have read: about once a second, from any thread.
  void drain();
  /// Waits until each slow counter has been renewed since `end`, so that the window's end lies
  /// between two renewals: at most `most`. Absent: at most 120 ms, and only where the unseen rest
  /// could be more than a hundredth of the window.
  void settle(Instant begin, Instant end, std::optional<Duration> most);
  /// Takes a last reading of all and ends. What does not answer in time is a gap.
  void stop(Duration patience = std::chrono::milliseconds(40));

  /// What reading cost; after stop().
  struct Effort {
    std::int64_t readings = 0;
    std::int64_t late = 0;
    Duration reading_time{};
    Duration processes_cpu_time{};
  };
  [[nodiscard]] const Effort& effort() const { return effort_; }

 private:
  struct Host {
    std::unique_ptr<SensorHost> sensors;
    int first_source = 0;
  };
  /// When a channel's value was new last.
  struct Renewal {
    std::optional<Energy> value;
    Instant time;
  };
  void find(const Machine& machine, const Options& options);
  void take_columns(const std::vector<SourceColumns>& columns);
  void watch(const SampleRow& row);
  [[nodiscard]] bool is_renewed(const std::vector<std::pair<std::size_t, std::size_t>>& channels,
                                Instant since);

  const Clock& clock_;
  std::optional<Duration> interval_;
  std::vector<Finding> findings_;
  std::vector<SourceColumns> columns_;
  std::vector<LeftOut> left_out_;
  std::vector<std::unique_ptr<PowerSource>> own_sources_;
  std::vector<int> own_index_;  ///< Of each source read here: its place in columns_.
  std::vector<Host> hosts_;
  SampleSink sink_;
  std::mutex renewals_mutex_;
  std::vector<std::vector<Renewal>> renewals_;
  std::optional<Poller> poller_;
  std::optional<Sampler> sampler_;
  bool stopped_ = false;
  Effort effort_;
};

}  // namespace gradwatt
