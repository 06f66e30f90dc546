#include "data/celeba.h"

#include "base/error.h"
#include "data/celeba_folder_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace gradwatt {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

CelebaData load_three(const CelebaFolder& celeba, std::uint64_t seed = 0) {
  return load_celeba({.folder = celeba.folder(), .identities = 3, .seed = seed});
}

std::string load_failure(const CelebaFolder& celeba, int identities = 3) {
  try {
    (void)load_celeba({.folder = celeba.folder(), .identities = identities});
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

std::vector<std::int64_t> counts_of(const CelebaPart& part) {
  std::vector<std::int64_t> counts(3);
  for (const std::uint8_t identity : part.identities) {
    ++counts.at(identity);
  }
  return counts;
}

TEST(Celeba, TakesTheMostRepresentedIdentitiesInOrder) {
  const CelebaFolder celeba;
  celeba.write({4, 20, 5, 20, 30});
  const CelebaData data = load_three(celeba);
  EXPECT_THAT(data.identity_numbers, ElementsAre(104, 101, 103));
  EXPECT_THAT(data.attribute_names, ElementsAre("Even", "Third"));
  EXPECT_THAT(
      data.notes,
      ElementsAre("70 of 79 images: the 3 most represented identities, with 20 to 30 each"));
}

TEST(Celeba, SplitsEachIdentityByTheShares) {
  const CelebaFolder celeba;
  celeba.write({20, 30, 40});
  const CelebaData data = load_three(celeba);
  EXPECT_THAT(counts_of(data.train), ElementsAre(28, 20, 14));
  EXPECT_THAT(counts_of(data.validation), ElementsAre(6, 5, 3));
  EXPECT_THAT(counts_of(data.test), ElementsAre(6, 5, 3));
  std::set<std::filesystem::path> all;
  for (const CelebaPart* part : {&data.train, &data.validation, &data.test}) {
    EXPECT_TRUE(std::is_sorted(part->files.begin(), part->files.end()));
    all.insert(part->files.begin(), part->files.end());
  }
  EXPECT_EQ(all.size(), 90U);
}

TEST(Celeba, GivesEachPartAnImageOfThreeAndOnlyTrainingOfTwo) {
  const CelebaFolder celeba;
  celeba.write({2, 3, 4});
  const CelebaData data = load_three(celeba);
  EXPECT_THAT(counts_of(data.train), ElementsAre(2, 1, 2));
  EXPECT_THAT(counts_of(data.validation), ElementsAre(1, 1, 0));
  EXPECT_THAT(counts_of(data.test), ElementsAre(1, 1, 0));
  EXPECT_THAT(data.notes.back(), HasSubstr("1 identities have fewer than 3 images"));
}

TEST(Celeba, KeepsImageIdentityAndAttributesTogether) {
  const CelebaFolder celeba;
  celeba.write({20, 30, 40});
  const CelebaData data = load_three(celeba);
  for (const CelebaPart* part : {&data.train, &data.validation, &data.test}) {
    for (std::size_t i = 0; i < part->files.size(); ++i) {
      const int image = std::stoi(part->files[i].stem());
      const int identity = image <= 20 ? 100 : image <= 50 ? 101 : 102;
      EXPECT_EQ(data.identity_numbers[part->identities[i]], identity);
      EXPECT_EQ(part->attributes[2 * i], image % 2 == 0 ? 1 : 0);
      EXPECT_EQ(part->attributes[2 * i + 1], image % 3 == 0 ? 1 : 0);
    }
  }
}

TEST(Celeba, SplitsBySeedAlone) {
  const CelebaFolder celeba;
  celeba.write({20, 30, 40});
  EXPECT_EQ(load_three(celeba, 1).test.files, load_three(celeba, 1).test.files);
  EXPECT_NE(load_three(celeba, 1).test.files, load_three(celeba, 2).test.files);
  // The folder itself does as well as the one above.
  EXPECT_EQ(load_celeba({.folder = celeba.root(), .identities = 3}).test.files,
            load_three(celeba).test.files);
}

TEST(Celeba, NamesFileAndLineOfWhatIsWrong) {
  const CelebaFolder celeba;
  const std::string attributes = "list_attr_celeba.txt";
  const std::string identities = "identity_CelebA.txt";
  const auto failure =
      [&](const std::string& name, const std::string& before, const std::string& after) {
        celeba.write({20, 30, 40});
        celeba.replace(name, before, after);
        return load_failure(celeba);
      };
  EXPECT_THAT(failure(attributes, "90\n", "91\n"),
              HasSubstr("list_attr_celeba.txt:1: says 91 images, but 90 lines follow"));
  EXPECT_THAT(failure(attributes, "90\n", "many\n"),
              HasSubstr("list_attr_celeba.txt:1: is not the number of images"));
  EXPECT_THAT(failure(attributes, "Even Third \n", ""),
              HasSubstr("list_attr_celeba.txt:2: does not name the attributes"));
  EXPECT_THAT(failure(attributes, "000007.jpg -1 -1", "000007.jpg -1"),
              HasSubstr("list_attr_celeba.txt:9: has 1 attributes instead of 2"));
  EXPECT_THAT(failure(attributes, "000007.jpg -1 -1", "000007.jpg -1  0"),
              HasSubstr("list_attr_celeba.txt:9: attribute 2 is '0' instead of 1 or -1"));
  EXPECT_THAT(failure(attributes, "000007.jpg", "000006.jpg"),
              HasSubstr("list_attr_celeba.txt:9: names 000006.jpg a second time"));
  EXPECT_THAT(failure(attributes, "000007.jpg", "000700.jpg"),
              HasSubstr("identity_CelebA.txt:7: 000007.jpg has no line in list_attr_celeba.txt"));
  EXPECT_THAT(failure(attributes, "000007.jpg", "../a/7.jpg"),
              HasSubstr("list_attr_celeba.txt:9: '../a/7.jpg' is no name of an image"));
  EXPECT_THAT(failure(identities, "000007.jpg 100\n", ""),
              HasSubstr("list_attr_celeba.txt:9: 000007.jpg has no line in identity_CelebA.txt"));
  EXPECT_THAT(failure(identities, "000007.jpg 100", "000007.jpg x"),
              HasSubstr("identity_CelebA.txt:7: is not an image and the number of its identity"));
  EXPECT_THAT(failure(identities, "000007.jpg", "000006.jpg"),
              HasSubstr("identity_CelebA.txt:7: names 000006.jpg a second time"));
}

TEST(Celeba, SaysWhatIsAbsent) {
  const CelebaFolder celeba;
  EXPECT_THAT(load_failure(celeba), HasSubstr("holds no identity_CelebA.txt"));
  celeba.write({20, 30, 40, 1});
  EXPECT_THAT(load_failure(celeba, 5), HasSubstr("has 4 identities; 5 were asked for"));
  EXPECT_THAT(load_failure(celeba, 257), HasSubstr("257 identities: must be from 1 to 256"));
  std::filesystem::remove(celeba.images() / CelebaFolder::image_name(91));
  EXPECT_EQ(load_failure(celeba), "no error") << "it belongs to none of the three";
  std::filesystem::remove(celeba.images() / CelebaFolder::image_name(12));
  EXPECT_THAT(load_failure(celeba),
              HasSubstr("identity_CelebA.txt:12: names 000012.jpg, which is not in"));
  std::filesystem::remove(celeba.root() / "list_attr_celeba.txt");
  EXPECT_THAT(load_failure(celeba), HasSubstr("list_attr_celeba.txt: cannot read: No such file"));
}

}  // namespace
}  // namespace gradwatt
