#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gradwatt {

/// Labelled windows of a multi-channel time series in memory.
struct SensorWindows {
  std::int64_t channels = 0;
  std::int64_t length = 0;           ///< Readings of each channel in a window.
  std::vector<float> values;         ///< [count, channels, length], row-major.
  std::vector<std::uint8_t> labels;  ///< [count], each below the number of classes.

  [[nodiscard]] std::int64_t count() const { return static_cast<std::int64_t>(labels.size()); }
};

/// `count` of the windows, chosen by `seed`: a smaller choice is part of a larger one.
/// Takes     count <= set.count().
[[nodiscard]] SensorWindows pick(const SensorWindows& set, std::int64_t count, std::uint64_t seed);

/// A data set of windows, normalised: each channel of the training part has mean 0, deviation 1.
struct WindowData {
  SensorWindows train;
  SensorWindows validation;
  SensorWindows test;
  std::vector<std::string> class_names;
  std::vector<std::string> channel_names;
  std::vector<float> mean;         ///< [channels] that was subtracted, of the training part.
  std::vector<float> deviation;    ///< [channels] that was divided by.
  std::vector<std::string> notes;  ///< What was left out and why; one sentence each.
};

}  // namespace gradwatt
