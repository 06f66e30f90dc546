#pragma once

#include "data/row_source.h"
#include "train/forecast_form.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace gradwatt {

/// One input: an image [channels, height, width], or a series [channels, width] with height 0.
struct InputShape {
  std::int64_t channels = 0;
  std::int64_t height = 0;
  std::int64_t width = 0;

  [[nodiscard]] bool is_series() const { return height == 0; }
  [[nodiscard]] std::int64_t size() const { return channels * (is_series() ? 1 : height) * width; }
  bool operator==(const InputShape&) const = default;
};

/// Inputs of a part: bytes of images [count, height, width, channels], numbers of windows [count,
/// channels, width], or rows of such bytes that are made when they are needed.
using Inputs =
    std::variant<std::vector<std::uint8_t>, std::vector<float>, std::shared_ptr<const RowSource>>;

/// Inputs with what is to be learned of them.
struct DataPart {
  Inputs inputs;
  std::vector<std::uint16_t> classes;    ///< [count]
  std::vector<std::uint8_t> attributes;  ///< [count, attributes], 0 or 1; may be empty.
  std::int64_t samples = 0;              ///< Of a part without classes.

  [[nodiscard]] std::int64_t count() const {
    return classes.empty() ? samples : static_cast<std::int64_t>(classes.size());
  }
};

/// A data set, loaded and split. Bytes become (x / 255 - mean) / deviation, channel by channel.
struct TrainingData {
  InputShape shape;
  int classes = 0;
  int attributes = 0;  ///< 0: the set has none.
  std::vector<float> mean;
  std::vector<float> deviation;
  bool mirrors = false;                  ///< Training images may be flipped from left to right.
  std::optional<ForecastForm> forecast;  ///< Of fields and the fields that follow them.
  bool has_top5 = false;  ///< Evaluations also say how often the class is among five.
  DataPart train;
  DataPart validation;
  DataPart test;
  std::vector<std::string> notes;  ///< What was left out and why.
};

}  // namespace gradwatt
