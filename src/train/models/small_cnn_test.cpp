#include "train/flat_parameters.h"
#include "train/models/catalog.h"
#include "train/optimizer.h"
#include "train/tensors.h"

#include <gtest/gtest.h>
#include <torch/nn/module.h>

#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

namespace gradwatt {
namespace {

constexpr std::int64_t kParityBatch = 8;

/// scale * f(step * i + shift) for i = 0 ... count-1, computed in double.
at::Tensor formula(std::int64_t count, double scale, double step, double shift) {
  return at::sin(at::arange(count, at::kDouble).mul(step).add(shift)).mul(scale).to(at::kFloat);
}

/// Lines of "name number" recorded from Python PyTorch by tests/parity/small_cnn.py.
std::map<std::string, std::vector<double>> recorded() {
  std::ifstream file(std::string(GRADWATT_SOURCE_DIR) + "/src/train/models/small_cnn_parity.txt");
  std::map<std::string, std::vector<double>> lines;
  std::string line;
  while (std::getline(file, line)) {
    std::istringstream words(line);
    std::string name;
    double number = 0;
    if (words >> name >> number) {
      lines[name].push_back(number);
    }
  }
  return lines;
}

struct ParityCase {
  ParityCase()
      : network(small_cnn().make({28, 28, 1}, 10)),
        images(at::cos(at::arange(kParityBatch * 784, at::kDouble).mul(0.11))
                   .to(at::kFloat)
                   .view({kParityBatch, 28, 28, 1})
                   .permute({0, 3, 1, 2})),
        labels(at::arange(kParityBatch, at::kLong).remainder(10)) {
    const at::NoGradGuard no_graph;
    int k = 0;
    for (at::Tensor& parameter : network->module().parameters()) {
      parameter.copy_(formula(parameter.numel(), 0.1, 0.37, k++).view(parameter.sizes()));
    }
  }

  at::Tensor loss() const { return at::cross_entropy_loss(network->forward(images), labels); }

  std::unique_ptr<Network> network;
  at::Tensor images;
  at::Tensor labels;
};

TEST(SmallCnn, HasTheParametersThatItsHeaderCounts) {
  EXPECT_EQ(parameter_count(*small_cnn().make({28, 28, 1}, 10)), 9098);
  EXPECT_EQ(recorded()["parameters"], std::vector<double>{9098});
}

TEST(SmallCnn, ScoresAsPythonDoes) {
  const ParityCase parity;
  const at::Tensor scores = parity.network->forward(parity.images)[0];
  const auto expected = recorded()["scores"];
  ASSERT_EQ(expected.size(), 10U);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    // 784 products per score in float32, summed in another order.
    EXPECT_NEAR(scores[static_cast<std::int64_t>(i)].item<double>(), expected[i], 2e-6);
  }
}

TEST(SmallCnn, HasPythonsGradientsAndLosses) {
  ParityCase parity;
  FlatParameters flat(parity.network->module());
  const auto optimizer = make_optimizer({OptimizerKind::sgd, 0.9, 0}, flat);
  auto expected = recorded();
  const auto& losses = expected["losses"];
  ASSERT_EQ(losses.size(), 10U);
  for (std::size_t step = 0; step < losses.size(); ++step) {
    flat.clear_gradients();
    const at::Tensor loss = parity.loss();
    loss.backward();
    // Rounding differences grow a little with each step.
    EXPECT_NEAR(loss.item<double>(), losses[step], 2e-5) << "step " << step;
    if (step == 0) {
      std::size_t k = 0;
      for (const at::Tensor& parameter : parity.network->module().parameters()) {
        const double norm = parameter.grad().to(at::kDouble).norm().item<double>();
        EXPECT_NEAR(norm, expected["gradient_norms"].at(k), 1e-5 * norm + 1e-7);
        ++k;
      }
    }
    optimizer->step(0.05);
  }
}

}  // namespace
}  // namespace gradwatt
