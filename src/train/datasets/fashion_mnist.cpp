#include "data/fashion_attributes.h"
#include "data/fashion_mnist_files.h"
#include "train/datasets/catalog.h"
#include "train/training_count.h"

namespace gradwatt {
namespace {

DataPart fashion_part_of(ImageSet set, const FashionAttributes& attributes) {
  DataPart part;
  part.attributes = attributes.of(set);
  part.classes.assign(set.labels.begin(), set.labels.end());
  part.inputs = std::move(set.pixels);
  return part;
}

TrainingData load_fashion_data(const DataPlan& plan) {
  ImageData images = load_fashion_mnist(plan.folder);
  const std::int64_t count = training_count(plan, images.train.count());
  const FashionAttributes attributes(images.train);
  Split parts = split(images.train, count, plan.val_samples, plan.seed);
  TrainingData data;
  data.shape = {images.train.shape.channels, images.train.shape.height, images.train.shape.width};
  data.classes = images.classes;
  data.attributes = FashionAttributes::kCount;
  data.mean = {images.mean};
  data.deviation = {images.deviation};
  data.train = fashion_part_of(std::move(parts.train), attributes);
  data.validation = fashion_part_of(std::move(parts.validation), attributes);
  data.test = fashion_part_of(std::move(images.test), attributes);
  return data;
}

}  // namespace

Dataset fashion_mnist() {
  return {"fashion-mnist",
          "70 000 grey images of clothes, 28 x 28 pixels, 10 classes (Zalando Research)",
          "/usr/share/datasets/fashion-mnist",
          load_fashion_data};
}

}  // namespace gradwatt
