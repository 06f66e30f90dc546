#include "train/weights.h"

#include "base/error.h"
#include "train/file_tensors.h"
#include "train/paradigms/catalog.h"
#include "train/task_tensors.h"
#include "train/tensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace gradwatt {
namespace {

using testing::HasSubstr;

std::unique_ptr<Task> task_of(const char* paradigm, const char* model, const InputShape& shape) {
  return paradigm_named(paradigm).make({model_named(model), shape, 12, 0});
}

class WeightsTest : public testing::Test {
 protected:
  WeightsTest() {
    std::string pattern = testing::TempDir() + "gradwatt-weights-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    file_ = folder_ / "weights.safetensors";
  }
  ~WeightsTest() override { std::filesystem::remove_all(folder_); }

  std::string refusal(Task& task) const {
    try {
      (void)adopt_weights(task.encoder(), file_);
    } catch (const Error& error) {
      return error.what();
    }
    return "accepted";
  }

  std::filesystem::path folder_;
  std::filesystem::path file_;
};

TEST_F(WeightsTest, OfAnAutoencodersEncoderFitAClassifiers) {
  const InputShape shape{6, 0, 40};
  const auto pretrained = task_of("pretrain", "har-cnn", shape);
  save_encoder(*pretrained, file_, {{"model", "har-cnn"}});
  const auto classifier = task_of("frozen", "har-cnn", shape);
  const AdoptedWeights adopted = adopt_weights(classifier->encoder(), file_);
  EXPECT_EQ(adopted.adopted, tensors_of(classifier->encoder()).size());
  EXPECT_TRUE(adopted.left_over.empty());
  const at::Tensor x = at::randn({2, 6, 40});
  pretrained->set_training(false);
  classifier->set_training(false);
  EXPECT_TRUE(
      pretrained->encoder().network->forward(x).equal(classifier->encoder().network->forward(x)));
}

TEST_F(WeightsTest, OfTorchvisionFitWithAnyPrefixAndLeaveTheHeadOver) {
  const auto source = task_of("classify", "resnet18", {3, 32, 32});
  std::vector<NamedTensor> named;
  for (const NamedTensor& tensor : tensors_of(source->encoder())) {
    named.push_back({"module.backbone." + tensor.name, tensor.tensor});
  }
  named.push_back({"module.fc.weight", at::zeros({1000, 512})});
  save_tensors(file_, named, {});
  const auto target = task_of("classify", "resnet18", {3, 32, 32});
  const AdoptedWeights adopted = adopt_weights(target->encoder(), file_);
  EXPECT_EQ(adopted.adopted, 120U);
  EXPECT_THAT(adopted.left_over, testing::ElementsAre("fc.weight"));
}

TEST_F(WeightsTest, OfAnotherShapeAreRefusedByName) {
  const auto narrow = task_of("pretrain", "har-cnn", {6, 0, 40});
  save_encoder(*narrow, file_, {});
  const auto wide = task_of("frozen", "har-cnn", {9, 0, 40});
  EXPECT_THAT(refusal(*wide), HasSubstr("conv1.weight is [64,6,5] instead of [64,9,5]"));
  const auto other = task_of("classify", "deep-conv-lstm", {6, 0, 40});
  EXPECT_THAT(refusal(*other), HasSubstr("is missing"));
}

TEST_F(WeightsTest, OfAllPartsHaveNamesOfTheirOwn) {
  const auto task = task_of("pretrain", "har-cnn", {6, 0, 40});
  save_all_weights(*task, file_, {{"epochs", "3"}});
  const TensorFile stored = read_weights(file_);
  EXPECT_TRUE(stored.tensors().contains("conv1.weight"));
  EXPECT_TRUE(stored.tensors().contains("decoder.conv1.weight"));
  EXPECT_EQ(stored.metadata().at("epochs"), "3");
}

}  // namespace
}  // namespace gradwatt
