#pragma once

#include "record/node_file.h"

#include <filesystem>
#include <memory>
#include <optional>

namespace gradwatt {

/// Answers what parts of a run consumed without reading all of it: only the chunks of readings
/// around a window's ends are unpacked, so a window of a week costs as much as one of a second.
///
/// The result is exactly that of the whole file: energies are differences of cumulative values, and
/// the readings that decide about them at both ends are there, as are all gaps. How sure a power
/// sensor is depends on its readings inside the window: those are unpacked, too. Not thread-safe.
class WindowReader {
 public:
  /// Opens the run's only node file. Throws Error when it is absent, damaged or being written.
  explicit WindowReader(const std::filesystem::path& folder);
  ~WindowReader();
  WindowReader(const WindowReader&) = delete;
  WindowReader& operator=(const WindowReader&) = delete;

  /// When the run began, and when it ended or was last heard of.
  [[nodiscard]] Instant begin() const { return begin_; }
  [[nodiscard]] Instant end() const { return end_; }

  /// The record of [begin, end) as if nothing but that had been the run: account_of() takes it.
  /// Marks and states are left out. Throws Error when what is needed is damaged.
  [[nodiscard]] NodeRecord record_of(Instant begin, Instant end);

 private:
  struct Tables;
  std::unique_ptr<Tables> tables_;
  Instant begin_;
  Instant end_;
};

}  // namespace gradwatt
