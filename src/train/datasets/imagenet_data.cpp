#include "base/error.h"
#include "data/all_rows.h"
#include "data/imagenet.h"
#include "data/random_order.h"
#include "data/row_cache.h"
#include "train/datasets/catalog.h"

#include <fmt/format.h>

#include <algorithm>

namespace gradwatt {
namespace {

void check_imagenet_plan(const DataPlan& plan) {
  if (plan.damaged == DamagedFiles::skip) {
    throw UsageError("a damaged photograph of ImageNet is known only when it is decoded",
                     "--damaged skip",
                     "find them with gradwatt data check, and remove them");
  }
  const bool is_kept = plan.mode == InputMode::resident || !plan.cache.empty();
  if (is_kept && plan.train_crop == CropKind::drawn) {
    throw UsageError("random parts of photographs are new in each epoch and cannot be kept",
                     plan.cache.empty() ? "--input resident" : "--cache",
                     "add --train-crop centre, or leave the flag out");
  }
}

/// Keeps `count` photographs, chosen by `seed`: a smaller choice is part of a larger one.
void keep_photographs(ClassedImages& part, std::int64_t count, std::uint64_t seed) {
  if (count > part.count()) {
    throw UsageError(
        fmt::format("{} are more than the {} photographs to train on", count, part.count()),
        "--train-samples");
  }
  auto chosen = random_order(part.count(), seed, 0);
  chosen.resize(static_cast<std::size_t>(count));
  std::sort(chosen.begin(), chosen.end());
  part.keep(chosen);
}

DataPart photograph_part(ClassedImages photographs, std::string_view name, const DataPlan& plan) {
  CropRowsOptions options{
      .shape = {plan.size, plan.size, 3},
      .training = plan.train_crop,
      .evaluation = plan.eval_crop == EvalCrop::middle ? CropKind::middle : plan.train_crop,
      .flips = plan.mirror,
      .seed = plan.seed};
  DataPart part;
  part.classes = std::move(photographs.classes);
  auto rows = std::make_shared<CropRows>(std::move(photographs.images), options);
  std::shared_ptr<const RowSource> source = rows;
  if (!plan.cache.empty()) {
    std::filesystem::create_directories(plan.cache);
    const auto file =
        std::filesystem::path(plan.cache) / fmt::format("imagenet-{}-{}.rows", name, plan.size);
    source = cached_rows(*rows, file, rows->key(), plan.workers);
  }
  if (plan.mode == InputMode::resident) {
    part.inputs = all_rows(*source, plan.workers);
  } else {
    part.inputs = std::move(source);
  }
  return part;
}

TrainingData load_imagenet_data(const DataPlan& plan) {
  check_imagenet_plan(plan);
  ImagenetData photographs = load_imagenet({plan.folder, plan.subset, plan.seed});
  if (plan.train_samples) {
    keep_photographs(photographs.train, *plan.train_samples, plan.seed);
  }
  TrainingData data;
  data.shape = {3, plan.size, plan.size};
  data.classes = static_cast<int>(photographs.train.class_names.size());
  data.mean = {0.485F, 0.456F, 0.406F};
  data.deviation = {0.229F, 0.224F, 0.225F};
  // Parts that are drawn have been flipped already.
  data.mirrors = plan.mirror && plan.train_crop == CropKind::middle;
  data.has_top5 = true;
  data.notes = std::move(photographs.notes);
  data.train = photograph_part(std::move(photographs.train), "train", plan);
  data.validation = photograph_part(std::move(photographs.validation), "validation", plan);
  return data;
}

}  // namespace

Dataset imagenet_data() {
  return {"imagenet",
          "photographs of 1000 kinds of things, 1.28 million, in folders or tar archives "
          "(ILSVRC 2012)",
          "imagenet",
          load_imagenet_data};
}

}  // namespace gradwatt
