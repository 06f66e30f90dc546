#pragma once

#include "train/afno_size.h"
#include "train/network.h"
#include "train/training_data.h"

#include <memory>
#include <span>
#include <string_view>

namespace gradwatt {

/// The two parts of a model that forecasts fields.
struct Forecaster {
  std::unique_ptr<Network> trunk;  ///< [n, channels, height, width] -> its tokens.
  std::unique_ptr<Network> head;   ///< Tokens -> the next fields, as the inputs.
};

/// One architecture, in parts that the paradigms join: an encoder that turns inputs into latent
/// features, a head that turns those into scores, and for some a decoder that turns them back.
struct Model {
  std::string_view name;
  std::string_view description;
  bool takes_series = false;  ///< Series instead of images.
  /// inputs -> [batch, latent_size(shape)]. Weights are drawn from libtorch's generator.
  std::unique_ptr<Network> (*make_encoder)(const InputShape& shape) = nullptr;
  std::int64_t (*latent_size)(const InputShape& shape) = nullptr;
  /// [batch, latent] -> [batch, outputs] before softmax or sigmoid.
  std::unique_ptr<Network> (*make_head)(std::int64_t latent, std::int64_t outputs) = nullptr;
  /// [batch, latent] -> as the inputs; null: the architecture has no decoder.
  std::unique_ptr<Network> (*make_decoder)(const InputShape& shape) = nullptr;
  /// For fields and the fields that follow; null: this is another kind of model. One that forecasts
  /// has none of the parts above.
  /// Takes     a grid of whole patches, a size without zeros.
  Forecaster (*make_forecaster)(const InputShape& grid,
                                std::int64_t patch,
                                const AfnoSize& size) = nullptr;
  bool is_channels_last = false;  ///< Whatever layout is asked for.
};

/// All of them, in display order.
[[nodiscard]] std::span<const Model> models();

/// Throws UsageError, with the name that was probably meant, when there is no such model.
[[nodiscard]] const Model& model_named(std::string_view name);

// One declaration per member; its file carries the same name.
[[nodiscard]] Model small_cnn();
[[nodiscard]] Model har_cnn();
[[nodiscard]] Model deep_conv_lstm();
[[nodiscard]] Model mc_cnn();
[[nodiscard]] Model resnet18();
[[nodiscard]] Model resnet50();
[[nodiscard]] Model afno();

}  // namespace gradwatt
