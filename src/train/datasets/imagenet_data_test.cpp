#include "data/imagenet_maker.h"
#include "train/datasets/catalog.h"
#include "train/examples.h"
#include "train/tensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace gradwatt {
namespace {

using testing::HasSubstr;

/// A made set, written once for all tests here.
const std::filesystem::path& made_photographs() {
  struct Made {
    std::filesystem::path folder;
    Made() {
      std::string pattern = testing::TempDir() + "gradwatt-imagenet-XXXXXX";
      folder = ::mkdtemp(pattern.data());
      make_imagenet(folder, 0.0001, 0);
    }
    Made(const Made&) = delete;
    Made& operator=(const Made&) = delete;
    ~Made() { std::filesystem::remove_all(folder); }
  };
  static const Made made;
  return made.folder;
}

DataPlan photograph_plan() {
  DataPlan plan;
  plan.folder = made_photographs().string();
  plan.mode = InputMode::streamed;
  plan.size = 16;
  plan.train_samples = 40;
  return plan;
}

TrainingData loaded(const DataPlan& plan) { return dataset_named("imagenet").load(plan); }

std::string loading_refusal(const DataPlan& plan) {
  try {
    (void)loaded(plan);
  } catch (const std::exception& error) {
    return error.what();
  }
  return "accepted";
}

/// All inputs of a pass, one behind the other, in the order of the samples.
at::Tensor inputs_of(const DataPlan& plan, std::optional<std::uint64_t> seed) {
  const TrainingData data = loaded(plan);
  Placement placement;
  placement.workers = plan.workers;
  const auto examples = make_examples(data, data.train, placement);
  std::vector<at::Tensor> all;
  examples->each_batch(natural_order(examples->count()), {16, seed}, [&](const Batch& batch) {
    all.push_back(batch.inputs.clone());
  });
  return at::cat(all);
}

TEST(ImagenetData, HasTheClassesOfItsFolders) {
  const TrainingData data = loaded(photograph_plan());
  EXPECT_EQ(data.classes, 10);
  EXPECT_EQ(data.train.count(), 40);
  EXPECT_EQ(data.validation.count(), 20);
  EXPECT_EQ(data.test.count(), 0);
  EXPECT_TRUE(data.has_top5);
  EXPECT_TRUE(std::is_sorted(data.train.classes.begin(), data.train.classes.end()));
}

TEST(ImagenetData, DrawsNewPartsInEachPassAlikeForAnyNumberOfThreads) {
  DataPlan plan = photograph_plan();
  const at::Tensor first = inputs_of(plan, 1);
  plan.workers = 5;
  EXPECT_TRUE(inputs_of(plan, 1).equal(first));
  EXPECT_FALSE(inputs_of(plan, 2).equal(first));
  EXPECT_TRUE(inputs_of(plan, {}).equal(inputs_of(plan, {})));
}

TEST(ImagenetData, KeepsTheMiddleInMemoryOrInACache) {
  DataPlan plan = photograph_plan();
  plan.train_crop = CropKind::middle;
  const at::Tensor streamed = inputs_of(plan, 3);
  plan.cache = (made_photographs() / "cache").string();
  EXPECT_TRUE(inputs_of(plan, 3).equal(streamed));
  EXPECT_TRUE(std::filesystem::exists(made_photographs() / "cache/imagenet-train-16.rows"));
  plan.mode = InputMode::resident;
  EXPECT_TRUE(inputs_of(plan, 3).allclose(streamed));
  EXPECT_FALSE(inputs_of(plan, 3).equal(inputs_of(plan, {})));
  plan.mirror = false;
  EXPECT_TRUE(inputs_of(plan, 3).equal(inputs_of(plan, {})));
}

TEST(ImagenetData, RefusesToKeepWhatIsNewInEachEpoch) {
  DataPlan plan = photograph_plan();
  plan.mode = InputMode::resident;
  EXPECT_THAT(loading_refusal(plan), HasSubstr("--input resident"));
  plan.mode = InputMode::streamed;
  plan.cache = "somewhere";
  EXPECT_THAT(loading_refusal(plan), HasSubstr("--train-crop centre"));
}

TEST(ImagenetData, RefusesMorePhotographsThanThereAre) {
  DataPlan plan = photograph_plan();
  plan.train_samples = 129;
  EXPECT_THAT(loading_refusal(plan), HasSubstr("129 are more than the 128 photographs"));
  plan = photograph_plan();
  plan.damaged = DamagedFiles::skip;
  EXPECT_THAT(loading_refusal(plan), HasSubstr("gradwatt data check"));
}

}  // namespace
}  // namespace gradwatt
