#pragma once

#include "record/store.h"
#include "report/run_view.h"

#include <optional>
#include <string>
#include <string_view>

namespace gradwatt {

/// A part of a run, in time since the run began. Absent: to the run's end.
struct RunWindow {
  Duration begin{};
  std::optional<Duration> end;
};

/// Reads "12s..15s", "1min.." (to the end) or "..500ms" (from the beginning). Throws UsageError.
[[nodiscard]] RunWindow parse_window(std::string_view text);

/// The run with the account of a part of it, read without reading all of it. Sets the window's
/// absent end. Throws Error as WindowReader does, UsageError when the window leaves the run.
[[nodiscard]] RunView window_view_of(const StoredRun& run, RunWindow& window);

/// What `gradwatt show --window` prints, for programs (docs/json.md) and for people.
[[nodiscard]] std::string window_to_json(const RunView& view, const RunWindow& window);
[[nodiscard]] std::string window_text(const RunView& view, const RunWindow& window);

}  // namespace gradwatt
