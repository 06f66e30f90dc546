#include "train/best_weights.h"

#include "train/flat_parameters.h"
#include "train/paradigms/catalog.h"
#include "train/task_tensors.h"
#include "train/tensors.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

TEST(BestWeights, AreParametersAndRunningMeans) {
  const auto task = paradigm_named("classify").make({model_named("har-cnn"), {4, 0, 40}, 3, 0});
  FlatParameters flat(trained_modules(*task));
  BestWeights best(*task, flat);
  best.recall();  // Nothing was remembered: nothing changes.
  const at::Tensor x = at::randn({5, 4, 40});
  task->set_training(false);
  const at::Tensor before = task->encoder().network->forward(x);
  best.remember();
  task->set_training(true);
  (void)task->encoder().network->forward(x);  // moves the running means
  flat.values().add_(1);
  task->set_training(false);
  EXPECT_FALSE(task->encoder().network->forward(x).equal(before));
  best.recall();
  EXPECT_TRUE(task->encoder().network->forward(x).equal(before));
}

}  // namespace
}  // namespace gradwatt
