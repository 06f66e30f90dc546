#include "data/imagenet.h"

#include "data/imagenet_check.h"
#include "data/imagenet_maker.h"
#include "data/temporary_place_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using testing::HasSubstr;

/// The bytes of all photographs of a part, with their classes.
std::vector<std::pair<int, std::string>> everything(const ClassedImages& part) {
  std::vector<std::pair<int, std::string>> all;
  std::vector<std::uint8_t> memory;
  for (std::int64_t i = 0; i < part.count(); ++i) {
    const auto bytes = part.images.read(i, memory);
    all.emplace_back(part.classes[static_cast<std::size_t>(i)],
                     std::string(bytes.begin(), bytes.end()));
  }
  return all;
}

std::string loading_error(const TemporaryPlace& place) {
  return error_text_of([&] { (void)load_imagenet({place.path()}); });
}

TEST(MadeImagenet, HasTheSizeOfItsScale) {
  const auto numbers = [](double scale) {
    const MadeImagenetSize size = made_imagenet_size(scale);
    return std::tuple(size.classes, size.train, size.validation);
  };
  EXPECT_EQ(numbers(1), std::tuple(1000, 1'281'167, 50'000));
  EXPECT_EQ(numbers(0.01), std::tuple(100, 12'812, 500));
  EXPECT_EQ(numbers(0.0001), std::tuple(10, 128, 20));
}

TEST(MadeImagenet, IsTheSameInFoldersAndShards) {
  const TemporaryPlace folders;
  const TemporaryPlace shards;
  make_imagenet(folders.path(), 0.0001, 3);
  make_imagenet_shards(shards.path(), 0.0001, 3);
  const ImagenetData left = load_imagenet({folders.path()});
  const ImagenetData right = load_imagenet({shards.path()});
  EXPECT_EQ(left.train.count(), 128);
  EXPECT_EQ(left.train.class_names.front(), "n00000001");
  EXPECT_EQ(everything(left.train), everything(right.train));
  EXPECT_EQ(everything(left.validation), everything(right.validation));
  EXPECT_TRUE(check_imagenet(folders.path()).usable());
  EXPECT_THAT(check_imagenet(shards.path()).facts.front(),
              HasSubstr("128 photographs of 10 classes, 12 to 13 of each"));
}

TEST(Imagenet, IsFoundBelowItsUsualFolders) {
  const TemporaryPlace place;
  EXPECT_FALSE(imagenet_places(place.path()).are_here());
  place.write("CLS-LOC/train/n1/a.JPEG", "x");
  EXPECT_FALSE(imagenet_places(place.path()).are_here());
  place.write("CLS-LOC/val/n1/a.JPEG", "x");
  EXPECT_EQ(imagenet_places(place.path()).train_folder, place.path() / "CLS-LOC/train");
  const TemporaryPlace shards;
  shards.write("imagenet1k-train-0001.tar", "");
  shards.write("imagenet1k-train-0000.tar", "");
  shards.write("imagenet1k-validation-00.tar", "");
  const ImagenetPlaces places = imagenet_places(shards.path());
  EXPECT_THAT(places.train_shards,
              testing::ElementsAre(shards.path() / "imagenet1k-train-0000.tar",
                                   shards.path() / "imagenet1k-train-0001.tar"));
  EXPECT_EQ(places.validation_shards.size(), 1U);
}

TEST(Imagenet, SaysWhatIsMissing) {
  const TemporaryPlace place;
  EXPECT_THAT(loading_error(place), HasSubstr("gradwatt data make imagenet"));
  place.write("train/n1/a.JPEG", "x");
  place.write("train/n2/b.JPEG", "x");
  place.write("val/n1/c.JPEG", "x");
  place.write("val/n3/d.JPEG", "x");
  EXPECT_THAT(loading_error(place), HasSubstr("n3 is only among the latter; n2 is only among"));
}

TEST(Imagenet, KeepsAShareOfEachClassInBothParts) {
  const TemporaryPlace place;
  for (int i = 0; i < 8; ++i) {
    for (const char* name : {"train/n1/", "train/n2/", "val/n1/", "val/n2/"}) {
      place.write(name + std::to_string(i) + ".jpg", "x");
    }
  }
  const ImagenetData half = load_imagenet({place.path(), 0.5, 1});
  EXPECT_THAT(half.train.classes, testing::ElementsAre(0, 0, 0, 0, 1, 1, 1, 1));
  EXPECT_EQ(half.validation.count(), 8);
  EXPECT_THAT(half.notes, testing::ElementsAre(HasSubstr("8 of 16 photographs to train on")));
  EXPECT_THAT(error_text_of([&] {
                (void)load_imagenet({place.path(), 0.01, 1});
              }),
              HasSubstr("leaves none of the 16 photographs"));
  EXPECT_THAT(error_text_of([&] {
                (void)load_imagenet({place.path(), 1.5, 1});
              }),
              HasSubstr("must be above 0 and at most 1"));
}

TEST(ImagenetCheck, NamesThePhotographsThatTrainingWouldRefuse) {
  const TemporaryPlace place;
  make_imagenet(place.path(), 0.0001, 0);
  const auto file = place.path() / "train/n00000001/n00000001_0000002.JPEG";
  std::filesystem::resize_file(file, 3000);
  const DataCheck check = check_imagenet(place.path());
  ASSERT_EQ(check.problems.size(), 1U);
  EXPECT_EQ(check.problems[0].where, file.string());
  EXPECT_THAT(check.problems[0].what, HasSubstr("is damaged"));
  EXPECT_FALSE(check.usable());
}

}  // namespace
}  // namespace gradwatt
