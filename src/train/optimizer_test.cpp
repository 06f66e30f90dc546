#include "train/optimizer.h"

#include "train/flat_parameters.h"
#include "train/tensors.h"

#include <gtest/gtest.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>
#include <torch/optim/adam.h>
#include <torch/optim/sgd.h>

namespace gradwatt {
namespace {

/// A convolution and a linear layer: two layouts of parameters, four parameters in all.
struct TwoLayersImpl : torch::nn::Module {
  TwoLayersImpl() {
    register_module("conv", conv);
    register_module("linear", linear);
  }
  at::Tensor loss(const at::Tensor& x) {
    return linear(at::tanh(conv(x)).flatten(1)).square().mean();
  }
  torch::nn::Conv2d conv{torch::nn::Conv2dOptions(2, 3, 3)};
  torch::nn::Linear linear{3 * 4 * 4, 5};
};

std::vector<torch::nn::Module*> modules_of(torch::nn::Module& module) { return {&module}; }

std::shared_ptr<TwoLayersImpl> two_layers() {
  at::manual_seed(1);
  return std::make_shared<TwoLayersImpl>();
}

/// Trains the same start with gradwatt's and with libtorch's optimizer; the largest difference of
/// any parameter after eight steps.
double largest_difference(
    const OptimizerSpec& spec,
    const std::function<std::unique_ptr<torch::optim::Optimizer>(std::vector<at::Tensor>)>&
        make_reference) {
  const auto ours = two_layers();
  const auto theirs = two_layers();
  FlatParameters flat(modules_of(*ours));
  const auto optimizer = make_optimizer(spec, flat);
  const auto reference = make_reference(theirs->parameters());
  for (int step = 0; step < 8; ++step) {
    const at::Tensor x = at::randn({7, 2, 6, 6});
    flat.clear_gradients();
    ours->loss(x).backward();
    optimizer->step(0.01);
    reference->zero_grad();
    theirs->loss(x).backward();
    reference->step();
  }
  double largest = 0;
  for (std::size_t i = 0; i < ours->parameters().size(); ++i) {
    const at::Tensor gap = (ours->parameters()[i] - theirs->parameters()[i]).abs().max();
    largest = std::max(largest, gap.item<double>());
  }
  return largest;
}

TEST(Optimizer, StepsAsLibtorchsSgdDoes) {
  const auto reference = [](std::vector<at::Tensor> parameters) {
    return std::make_unique<torch::optim::SGD>(
        std::move(parameters), torch::optim::SGDOptions(0.01).momentum(0.9).weight_decay(1e-3));
  };
  EXPECT_LT(largest_difference({OptimizerKind::sgd, 0.9, 1e-3}, reference), 1e-6);
}

TEST(Optimizer, StepsAsLibtorchsAdamDoes) {
  const auto reference = [](std::vector<at::Tensor> parameters) {
    return std::make_unique<torch::optim::Adam>(std::move(parameters),
                                                torch::optim::AdamOptions(0.01).weight_decay(1e-3));
  };
  EXPECT_LT(largest_difference({OptimizerKind::adam, 0, 1e-3}, reference), 1e-6);
}

TEST(Optimizer, LooksAheadAsLibtorchsSgdDoes) {
  const auto reference = [](std::vector<at::Tensor> parameters) {
    return std::make_unique<torch::optim::SGD>(
        std::move(parameters),
        torch::optim::SGDOptions(0.01).momentum(0.9).weight_decay(1e-3).nesterov(true));
  };
  EXPECT_LT(largest_difference({OptimizerKind::sgd, 0.9, 1e-3, true}, reference), 1e-6);
}

/// Parameters of the values given: two matrices and, between them, a bias.
struct ThreeParametersImpl : torch::nn::Module {
  at::Tensor first =
      register_parameter("first", at::tensor({0.5F, -1.0F, 2.0F, 0.25F}).view({2, 2}));
  at::Tensor bias = register_parameter("bias", at::tensor({0.3F, -0.4F}));
  at::Tensor last = register_parameter("last", at::zeros({1, 2}));
};

// Recorded by tests/parity/record_schedules.py, which states the rule number by number.
TEST(Lars, StepsAsAnIndependentStatementInPython) {
  ThreeParametersImpl network;
  FlatParameters flat(modules_of(network));
  const auto optimizer = make_optimizer(
      {.kind = OptimizerKind::lars, .momentum = 0.9, .weight_decay = 0.01, .trust = 0.02}, flat);
  for (int step = 0; step < 3; ++step) {
    flat.gradients().copy_(at::tensor({0.1F, 0.2F, -0.3F, 0.05F, 0.2F, 0.1F, 0.4F, -0.2F}));
    optimizer->step(0.5);
  }
  const at::Tensor expected = at::tensor({0.465917013F,
                                          -1.06167398F,
                                          2.09088796F,
                                          0.232958507F,
                                          -0.261F,
                                          -0.6805F,
                                          -0.549509726F,
                                          0.274754863F});
  EXPECT_LT((flat.values() - expected).abs().max().item<double>(), 1e-6);
}

TEST(Lars, DividesTheStepByTheGradientsLength) {
  torch::nn::Linear layer(torch::nn::LinearOptions(2, 1).bias(false));
  FlatParameters flat(modules_of(*layer));
  const auto optimizer =
      make_optimizer({.kind = OptimizerKind::lars, .momentum = 0, .trust = 0.1}, flat);
  const at::NoGradGuard no_graph;
  flat.values().copy_(at::tensor({3.0F, 4.0F}));
  flat.gradients().copy_(at::tensor({0.0F, 1.0F}));
  optimizer->step(1);
  EXPECT_TRUE(flat.values().allclose(at::tensor({3.0F, 3.5F})));
  // A gradient a thousand times as long makes the same step.
  flat.values().copy_(at::tensor({3.0F, 4.0F}));
  flat.gradients().copy_(at::tensor({0.0F, 1000.0F}));
  optimizer->step(1);
  EXPECT_TRUE(flat.values().allclose(at::tensor({3.0F, 3.5F})));
}

TEST(FlatParameters, KeepsTheWeightsAndTheirGradientsInOneBuffer) {
  const auto network = two_layers();
  const at::Tensor before = network->conv->weight.detach().clone();
  FlatParameters flat(modules_of(*network));
  EXPECT_TRUE(network->conv->weight.detach().equal(before));
  network->loss(at::randn({2, 2, 6, 6})).backward();
  EXPECT_GT(flat.gradients().abs().sum().item<double>(), 0);
  const at::NoGradGuard no_graph;
  flat.values().zero_();
  EXPECT_EQ(network->linear->weight.abs().sum().item<double>(), 0);
}

}  // namespace
}  // namespace gradwatt
