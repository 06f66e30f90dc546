#pragma once

#include "measure/poller.h"
#include "measure/source.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gradwatt {

/// A source family in a process of its own, so that a vendor library that hangs or crashes, or a
/// file whose read never returns, holds up neither the other sources nor the end of the run.
///
/// The process is this program again (`gradwatt sensor-host FAMILY`). It discovers, samples on the
/// grid by itself with the same Poller and Sampler, and sends its rows through a pipe that holds
/// minutes of them; the parent takes them out about once a second. A process that crashed is
/// started again, up to three times. Thread-safe.
class SensorHost {
 public:
  struct Options {
    std::filesystem::path program;       ///< Usually /proc/self/exe.
    std::vector<std::string> arguments;  ///< All of them, from "sensor-host" on.
    const Clock* clock = nullptr;
    Duration patience = std::chrono::seconds(5);  ///< For discovery and for the first reading.
    /// Tests: what the process does with its two pipe ends instead of running `program`.
    std::function<int(int in, int out)> serve;
  };
  /// Starts the process; does not wait. Never throws for a process that fails: findings() says so.
  SensorHost(std::string family, Options options);
  ~SensorHost();  ///< Kills it if it still lives.
  SensorHost(SensorHost&&) noexcept;
  SensorHost& operator=(SensorHost&&) noexcept;

  /// What it found; the first call waits for it, at most until `patience` after it was started.
  [[nodiscard]] const std::vector<Finding>& findings();
  [[nodiscard]] const std::vector<SourceColumns>& columns();

  /// Begins sampling: a first reading now, then on the grid. Waits for that reading, at most
  /// `patience`. Rows carry source indices from `first_source` on.
  void start(int first_source, SampleSink sink) {
    ask_to_start(first_source, std::move(sink));
    await_first_reading();
  }
  /// The same in two steps, so that several processes can take their first readings at once.
  void ask_to_start(int first_source, SampleSink sink);
  void await_first_reading();
  /// Asks for a reading now and a burst behind it: at a mark. Never blocks.
  void nudge();
  /// Hands what has arrived to the sink. Never blocks. Sees to a process that has crashed.
  void drain();
  /// Asks for a last reading and the end. Never blocks.
  void ask_to_stop();
  /// Waits at most `patience` for that, hands over the rest and ends the process. What did not
  /// answer is a gap up to now.
  void stop(Duration patience = std::chrono::milliseconds(100));

  /// What it did, once it has ended by itself.
  struct Effort {
    std::int64_t readings = 0;
    std::int64_t late = 0;
    Duration reading_time{};
    Duration cpu_time{};
  };
  [[nodiscard]] std::optional<Effort> effort() const;

 private:
  class Process;
  std::unique_ptr<Process> process_;
};

}  // namespace gradwatt
