#include "train/linear_head.h"
#include "train/models/catalog.h"
#include "train/tensors.h"

#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/dropout.h>
#include <torch/nn/modules/rnn.h>

namespace gradwatt {
namespace {

constexpr std::int64_t kLstmFilters = 64;
constexpr std::int64_t kLstmUnits = 128;

torch::nn::Conv2d time_convolution(std::int64_t in) {
  return torch::nn::Conv2d(torch::nn::Conv2dOptions(in, kLstmFilters, {5, 1}));
}

/// Four convolutions over time, the same for every sensor channel, then two LSTM layers.
///
///   x [n,C,T] -> [n,1,T,C] -> 4 x (conv (5,1), relu) [n,64,T-16,C] -> [n,T-16,64 C]
///             -> dropout 0.5 -> lstm (2 layers of 128) -> its last step [n,128]
/// Source   Ordonez and Roggen, "Deep convolutional and LSTM recurrent neural networks for
///          multimodal wearable activity recognition", Sensors 16 (2016) 115.
class DeepConvLstm final : public Network, private torch::nn::Module {
 public:
  explicit DeepConvLstm(std::int64_t channels)
      : conv1_(register_module("conv1", time_convolution(1))),
        conv2_(register_module("conv2", time_convolution(kLstmFilters))),
        conv3_(register_module("conv3", time_convolution(kLstmFilters))),
        conv4_(register_module("conv4", time_convolution(kLstmFilters))),
        dropout_(register_module("dropout", torch::nn::Dropout(0.5))),
        lstm_(register_module(
            "lstm",
            torch::nn::LSTM(torch::nn::LSTMOptions(kLstmFilters * channels, kLstmUnits)
                                .num_layers(2)
                                .batch_first(true)))) {}

  at::Tensor forward(const at::Tensor& windows) override {
    at::Tensor x = windows.transpose(1, 2).unsqueeze(1);
    for (auto* convolution : {&conv1_, &conv2_, &conv3_, &conv4_}) {
      x = at::relu((*convolution)(x));
    }
    x = dropout_(x.permute({0, 2, 1, 3}).flatten(2));
    return std::get<0>(lstm_(x)).select(1, -1);
  }
  torch::nn::Module& module() override { return *this; }

 private:
  torch::nn::Conv2d conv1_;
  torch::nn::Conv2d conv2_;
  torch::nn::Conv2d conv3_;
  torch::nn::Conv2d conv4_;
  torch::nn::Dropout dropout_;
  torch::nn::LSTM lstm_;
};

}  // namespace

Model deep_conv_lstm() {
  return {"deep-conv-lstm",
          "four convolutions over time and two LSTM layers (Ordonez and Roggen 2016)",
          true,
          [](const InputShape& shape) -> std::unique_ptr<Network> {
            return std::make_unique<DeepConvLstm>(shape.channels);
          },
          [](const InputShape&) { return kLstmUnits; },
          linear_head,
          nullptr};
}

}  // namespace gradwatt
