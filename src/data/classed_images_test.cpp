#include "data/classed_images.h"

#include "data/tar_writer.h"
#include "data/temporary_place_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// "name: bytes" of each image, without the folder of the test.
std::vector<std::string> all_shown(const ClassedImages& images, const TemporaryPlace& place) {
  std::vector<std::string> shown;
  std::vector<std::uint8_t> memory;
  for (std::int64_t i = 0; i < images.count(); ++i) {
    const auto bytes = images.images.read(i, memory);
    shown.push_back(images.images.name(i).substr(place.path().string().size() + 1) + ": " +
                    std::string(bytes.begin(), bytes.end()));
  }
  return shown;
}

TEST(ImageFolder, OrdersClassesAndFilesByName) {
  const TemporaryPlace place;
  place.write("b/2.JPEG", "two");
  place.write("b/10.JPEG", "ten");
  place.write("b/notes.txt", "no image");
  place.write("b/.hidden.jpg", "no image");
  place.write("a/3.Jpg", "three");
  place.write("list.txt", "no class");
  const ClassedImages images = image_folder(place.path());
  EXPECT_THAT(all_shown(images, place),
              ElementsAre("a/3.Jpg: three", "b/10.JPEG: ten", "b/2.JPEG: two"));
  EXPECT_THAT(images.classes, ElementsAre(0, 1, 1));
  EXPECT_THAT(images.class_names, ElementsAre("a", "b"));
}

TEST(ImageFolder, SaysWhichFolderHasNoPhotographs) {
  const TemporaryPlace place;
  EXPECT_THAT(error_text_of([&] { (void)image_folder(place.path()); }),
              HasSubstr("holds no folder"));
  place.write("a/1.png", "");
  EXPECT_THAT(error_text_of([&] { (void)image_folder(place.path()); }),
              HasSubstr("/a: holds no JPEG photograph"));
  EXPECT_THAT(error_text_of([&] { (void)image_folder(place.path() / "absent"); }),
              HasSubstr("absent: cannot be listed"));
}

class ImageShardsTest : public testing::Test {
 protected:
  using Members = std::vector<std::pair<std::string, std::string>>;

  std::filesystem::path shard(const std::string& name, const Members& members) const {
    TarWriter writer(place_.path() / name);
    for (const auto& [member, bytes] : members) {
      writer.add(member, bytes);
    }
    writer.close();
    return place_.path() / name;
  }
  static std::string error(const std::filesystem::path& archive) {
    return error_text_of([&] { (void)image_shards({archive}); });
  }

  TemporaryPlace place_;
};

TEST_F(ImageShardsTest, PairsPhotographsWithTheirClasses) {
  const auto first =
      shard("a.tar", {{"x/7.jpg", "seven"}, {"x/7.cls", " 3\n"}, {"x/7.json", "{}"}});
  const auto second = shard("b.tar", {{"8.cls", "0"}, {"8.seg.jpeg", "eight"}});
  const ClassedImages images = image_shards({first, second});
  EXPECT_THAT(all_shown(images, place_),
              ElementsAre("a.tar:x/7.jpg: seven", "b.tar:8.seg.jpeg: eight"));
  EXPECT_THAT(images.classes, ElementsAre(3, 0));
  EXPECT_THAT(images.class_names, ElementsAre("0", "1", "2", "3"));
}

TEST_F(ImageShardsTest, TakesTheFolderInTheArchiveWithoutNumbers) {
  const auto archive = shard("a.tar", {{"t/n02/1.JPEG", "x"}, {"t/n01/2.JPEG", "y"}});
  const ClassedImages images = image_shards({archive});
  EXPECT_THAT(images.classes, ElementsAre(1, 0));
  EXPECT_THAT(images.class_names, ElementsAre("n01", "n02"));
}

TEST_F(ImageShardsTest, SaysWhichMemberHasNoClass) {
  EXPECT_THAT(error(shard("a.tar", {{"1.jpg", "x"}, {"1.cls", "0"}, {"n/2.jpg", "y"}})),
              HasSubstr("a.tar:n/2.jpg: has no class"));
  EXPECT_THAT(error(shard("b.tar", {{"1.jpg", "x"}})), HasSubstr("b.tar:1.jpg: has no class"));
  EXPECT_THAT(error(shard("c.tar", {{"1.jpg", "x"}, {"1.cls", "0"}, {"2.cls", "0"}})),
              HasSubstr("c.tar: holds 1 members .cls without a photograph"));
  for (const char* text : {"", "cat", "-1", "65535", "1 2"}) {
    EXPECT_THAT(error(shard("d.tar", {{"1.jpg", "x"}, {"1.cls", text}})),
                HasSubstr("d.tar:1.cls: is no number of a class"));
  }
  EXPECT_THAT(error(shard("e.tar", {{"1.png", "x"}})), HasSubstr("no JPEG photograph"));
}

TEST_F(ImageShardsTest, SaysWhichPhotographAnArchiveLost) {
  const auto archive = shard("a.tar", {{"1.jpg", std::string(600, 'x')}, {"1.cls", "0"}});
  const ClassedImages images = image_shards({archive});
  std::filesystem::resize_file(archive, 700);
  std::vector<std::uint8_t> memory;
  EXPECT_THAT(error_text_of([&] { (void)images.images.read(0, memory); }),
              HasSubstr("a.tar:1.jpg: ends too early"));
}

TEST(StoredImages, ChangesItsKeyWithTheFiles) {
  const TemporaryPlace place;
  place.write("a/1.jpg", "one");
  place.write("a/2.jpg", "two");
  ClassedImages images = image_folder(place.path());
  const std::string before = images.images.key();
  EXPECT_EQ(before, image_folder(place.path()).images.key());
  place.write("a/2.jpg", "three");
  EXPECT_NE(images.images.key(), before);
  const std::vector<std::int64_t> second{1};
  images.images.keep(second);
  EXPECT_THAT(all_shown(images, place), ElementsAre("a/2.jpg: three"));
}

}  // namespace
}  // namespace gradwatt
