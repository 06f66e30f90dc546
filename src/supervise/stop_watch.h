#pragma once

#include "marks/mark.h"
#include "supervise/stop_rule.h"
#include "trace/sample.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace gradwatt {

/// Follows a run's readings and marks, and when a rule says so asks its command to stop: SIGTERM,
/// and SIGKILL when it is still there after the grace time. Thread-safe.
class StopWatch {
 public:
  struct Options {
    std::vector<StopRule> rules;
    Duration grace = std::chrono::seconds(10);
  };
  /// Takes  sources: what the readings are of.
  ///        send: sends a signal to the command, as long as it runs.
  StopWatch(Options options,
            const std::vector<SourceColumns>& sources,
            std::function<void(int signal)> send);
  ~StopWatch();
  StopWatch(const StopWatch&) = delete;
  StopWatch& operator=(const StopWatch&) = delete;

  void see(const SampleRow& row);
  void see(const Mark& mark);

  /// The command has ended: nothing more is sent. Returns the text of the rule that stopped it.
  [[nodiscard]] std::optional<std::string> command_ended();

 private:
  void run();
  void end_epoch();
  void judge();

  Options options_;
  std::vector<std::vector<bool>> in_total_;               ///< Of each source's channels.
  std::vector<std::vector<std::optional<Energy>>> last_;  ///< Their last readings.
  std::function<void(int)> send_;
  std::mutex mutex_;
  std::condition_variable changed_;
  RunProgress progress_;
  bool epoch_is_open_ = false;
  std::map<std::string, double> open_metrics_;
  std::optional<std::string> fired_;
  bool has_ended_ = false;
  std::thread thread_;
};

}  // namespace gradwatt
