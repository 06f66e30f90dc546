#pragma once

#include "record/node_file.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace gradwatt {

/// Takes readings and marks from any thread and writes them once a second from its own, so that a
/// slow disk holds up nobody; every fifth time it waits until the disk has them. What cannot be
/// written is kept and tried again. Thread-safe.
class Recorder {
 public:
  /// `before_writing` is called on its thread, about once a second: what has rows waiting hands
  /// them over.
  explicit Recorder(NodeFileWriter writer, std::function<void()> before_writing = {});
  ~Recorder();
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  void begin(Instant begin);
  void take(SampleRow row);
  void take(GapRow row);
  void take(StateRow row);
  void take(Mark mark);

  /// Writes the rest and the end of the run. Returns what could not be done, if anything.
  [[nodiscard]] std::optional<std::string> finish(Instant end, const MonitorAccount& monitor);

 private:
  void run();
  void flush(WaitForDisk wait);
  [[nodiscard]] NodeFileWriter::Batch take_pending();

  NodeFileWriter writer_;
  std::function<void()> before_writing_;
  std::mutex mutex_;
  std::condition_variable wake_;
  NodeFileWriter::Batch pending_;
  std::optional<std::string> failure_;  ///< Of the last attempt.
  bool stopping_ = false;
  int flushes_ = 0;
  std::thread thread_;
};

}  // namespace gradwatt
