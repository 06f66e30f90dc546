#include "data/pamap2_windows.h"

#include "base/error.h"
#include "data/pamap2_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace gradwatt {
namespace {

constexpr std::size_t kRowBytesLeast = 300;  // For a first guess of the number of rows.

/// All rows of a recording, before any is left out.
struct RawRecording {
  std::vector<double> times_s;
  std::vector<std::uint8_t> activities;
  std::vector<std::vector<float>> channels;
};

RawRecording read_rows(const Pamap2Source& source, const std::vector<Pamap2Channel>& channels) {
  RawRecording raw;
  raw.channels.resize(channels.size());
  std::error_code unknown;
  const std::uintmax_t bytes = std::filesystem::file_size(source.file, unknown);
  for (auto& channel : raw.channels) {
    channel.reserve(unknown ? 0 : bytes / kRowBytesLeast);
  }
  Pamap2Reader reader(source.file);
  while (true) {
    const auto found = reader.next();
    if (found == Pamap2Reader::Found::end) {
      return raw;
    }
    if (found == Pamap2Reader::Found::damaged_line) {
      throw Error(reader.damage(),
                  reader.where(),
                  "fetch the file again; gradwatt data check DIR lists all that is damaged");
    }
    const Pamap2Row& row = reader.row();
    raw.times_s.push_back(row.time_s);
    raw.activities.push_back(static_cast<std::uint8_t>(row.activity));
    for (std::size_t i = 0; i < channels.size(); ++i) {
      raw.channels[i].push_back(row.values[static_cast<std::size_t>(channels[i].column)]);
    }
  }
}

/// The label of the window [first, first + length), as an activity.
int activity_of_window(std::span<const std::uint8_t> window, WindowLabel label) {
  if (label == WindowLabel::last) {
    return window.back();
  }
  std::array<std::int64_t, kPamap2ActivityMax + 1> count{};
  for (const std::uint8_t activity : window) {
    ++count[activity];
  }
  return static_cast<int>(std::max_element(count.begin(), count.end()) - count.begin());
}

/// For each reading, how many before it are unusable or follow missing rows.
struct GapSums {
  std::vector<std::int64_t> unusable;
  std::vector<std::int64_t> borders;

  explicit GapSums(const Pamap2Recording& recording) {
    const std::size_t count = recording.activities.size();
    unusable.assign(count + 1, 0);
    borders.assign(count + 1, 0);
    for (const auto& channel : recording.channels) {
      for (std::size_t i = 0; i < count; ++i) {
        unusable[i + 1] |= std::isnan(channel[i]) ? 1 : 0;
      }
    }
    for (std::size_t i = 0; i < count; ++i) {
      unusable[i + 1] += unusable[i];
      borders[i + 1] = borders[i] + (recording.is_behind_gap[i] ? 1 : 0);
    }
  }

  /// Missing rows before the first reading of a window do not matter to it.
  [[nodiscard]] bool inside(std::size_t first, std::size_t length) const {
    return unusable[first + length] > unusable[first] ||
           borders[first + length] > borders[first + 1];
  }
};

}  // namespace

std::int64_t fill_gaps(std::span<float> readings, std::int64_t longest) {
  std::int64_t left = 0;
  std::size_t first = 0;
  while (first < readings.size()) {
    if (!std::isnan(readings[first])) {
      ++first;
      continue;
    }
    std::size_t end = first;
    while (end < readings.size() && std::isnan(readings[end])) {
      ++end;
    }
    const auto length = static_cast<std::int64_t>(end - first);
    const bool has_before = first > 0;
    const bool has_after = end < readings.size();
    if (length > longest || !(has_before || has_after)) {
      left += length;
      first = end;
      continue;
    }
    const float after = has_after ? readings[end] : readings[first - 1];
    const float before = has_before ? readings[first - 1] : after;
    for (std::size_t i = first; i < end; ++i) {
      const float share = static_cast<float>(i - first + 1) / static_cast<float>(length + 1);
      readings[i] = before + share * (after - before);
    }
    first = end;
  }
  return left;
}

Pamap2Recording read_recording(const Pamap2Source& source, const Pamap2Options& options) {
  const std::vector<Pamap2Channel> channels = pamap2_channels(options);
  RawRecording raw = read_rows(source, channels);
  const std::size_t rows = raw.times_s.size();
  if (rows == 0) {
    throw Error("is empty", source.file.string(), "fetch the file again");
  }
  const auto longest =
      static_cast<std::int64_t>(std::llround(options.gap_max_s / kPamap2Interval_s));
  for (std::size_t i = 0; i < channels.size(); ++i) {
    const auto& readings = raw.channels[i];
    if (std::all_of(readings.begin(), readings.end(), [](float x) { return std::isnan(x); })) {
      throw Error(fmt::format("subject {} has no reading of {}", source.subject, channels[i].name),
                  source.file.string(),
                  "leave that kind of channel out, or fetch the file again");
    }
    fill_gaps(raw.channels[i], longest);
  }
  Pamap2Recording kept{source.subject, {}, {}, {}};
  kept.channels.resize(channels.size());
  const auto stride = static_cast<std::size_t>(options.keep_every);
  const double step_max_s = options.keep_every * kPamap2Interval_s + options.gap_max_s;
  for (std::size_t row = 0; row < rows; row += stride) {
    kept.activities.push_back(raw.activities[row]);
    kept.is_behind_gap.push_back(row >= stride &&
                                 raw.times_s[row] - raw.times_s[row - stride] > step_max_s);
    for (std::size_t i = 0; i < channels.size(); ++i) {
      kept.channels[i].push_back(raw.channels[i][row]);
    }
  }
  return kept;
}

void cut_windows(std::span<const Pamap2Recording> recordings,
                 std::size_t recording,
                 const Pamap2Options& options,
                 int step,
                 WindowPlaces& into) {
  const Pamap2Recording& from = recordings[recording];
  const GapSums gaps(from);
  const std::span<const std::uint8_t> activities(from.activities);
  const auto length = static_cast<std::size_t>(options.window);
  for (std::size_t first = 0; first + length <= activities.size();
       first += static_cast<std::size_t>(step)) {
    const int activity = activity_of_window(activities.subspan(first, length), options.label);
    const auto chosen = std::find(options.activities.begin(), options.activities.end(), activity);
    if (chosen == options.activities.end()) {
      ++into.without_class;
    } else if (gaps.inside(first, length)) {
      ++into.over_gap;
    } else {
      into.places.push_back({recording,
                             static_cast<std::int64_t>(first),
                             static_cast<std::uint8_t>(chosen - options.activities.begin())});
    }
  }
}

SensorWindows windows_at(std::span<const Pamap2Recording> recordings,
                         std::span<const WindowPlace> places,
                         std::int64_t length) {
  SensorWindows windows;
  windows.length = length;
  windows.channels = recordings.empty() ? 0 : std::ssize(recordings.front().channels);
  windows.values.reserve(places.size() * static_cast<std::size_t>(windows.channels * length));
  windows.labels.reserve(places.size());
  for (const WindowPlace& place : places) {
    for (const auto& channel : recordings[place.recording].channels) {
      const auto first = channel.begin() + place.first;
      windows.values.insert(windows.values.end(), first, first + length);
    }
    windows.labels.push_back(place.label);
  }
  return windows;
}

}  // namespace gradwatt
