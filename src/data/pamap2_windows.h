#pragma once

#include "data/pamap2_layout.h"
#include "data/sensor_windows.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace gradwatt {

/// One recording, thinned to the readings that are kept.
struct Pamap2Recording {
  int subject = 0;
  std::vector<std::uint8_t> activities;      ///< [readings]
  std::vector<std::vector<float>> channels;  ///< [channels][readings]; NaN inside long gaps.
  std::vector<bool> is_behind_gap;  ///< [readings] rows are missing between it and the one before.
};

/// Replaces each run of at most `longest` NaN by the straight line between its neighbours, and one
/// at an end of the series by its only neighbour. Longer runs stay.
/// Source    linear interpolation in both directions as in the loader of ISWC22-HAR.
/// Returns   how many NaN are left.
/// Example   longest 2: [NaN, 1, NaN, NaN, 4] becomes [1, 1, 2, 3, 4], and 0 are left.
std::int64_t fill_gaps(std::span<float> readings, std::int64_t longest);

/// Reads the recording in `source.file` with the channels that `options` choose.
/// Throws    Error naming file and line that are damaged, an empty file, or a channel that is NaN
///           from the first row to the last.
[[nodiscard]] Pamap2Recording read_recording(const Pamap2Source& source,
                                             const Pamap2Options& options);

struct WindowPlace {
  std::size_t recording = 0;  ///< Which of several.
  std::int64_t first = 0;     ///< Its first reading.
  std::uint8_t label = 0;     ///< The place of its activity among options.activities.
};

struct WindowPlaces {
  std::vector<WindowPlace> places;
  std::int64_t without_class = 0;  ///< Left out: their activity is not among the chosen ones.
  std::int64_t over_gap = 0;       ///< Left out: of a chosen activity, but over a long gap.
};

/// Slides a window over the whole recording, in steps of `step` readings, and labels it; a window
/// may reach over the border of two activities, and never over that of a recording.
/// Example   window 4, step 2, activities 1 1 1 2 2 2: the first window is a 1 (three of four), the
///           second a 2.
void cut_windows(std::span<const Pamap2Recording> recordings,
                 std::size_t recording,
                 const Pamap2Options& options,
                 int step,
                 WindowPlaces& into);

/// The windows at `places`, in that order.
[[nodiscard]] SensorWindows windows_at(std::span<const Pamap2Recording> recordings,
                                       std::span<const WindowPlace> places,
                                       std::int64_t length);

}  // namespace gradwatt
