#include "data/celeba_check.h"

#include "data/celeba_folder_test.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

auto problem(const std::string& where, const std::string& what, bool skipped) {
  return AllOf(Field(&DataProblem::where, HasSubstr(where)),
               Field(&DataProblem::what, HasSubstr(what)),
               Field(&DataProblem::skipped, skipped));
}

std::vector<int> forty_and_one_more() {
  std::vector<int> counts(40, 3);
  counts.push_back(2);
  return counts;
}

TEST(CelebaCheck, FindsNothingInAWholeSet) {
  const CelebaFolder celeba;
  celeba.write(forty_and_one_more());
  const DataCheck check = check_celeba(celeba.folder());
  EXPECT_THAT(check.facts,
              ElementsAre("122 images of 41 identities, 2 attributes",
                          "120 images of the 40 most represented, 3 to 3 each"));
  EXPECT_THAT(check.problems, IsEmpty());
  EXPECT_TRUE(check.usable());
}

TEST(CelebaCheck, TellsImagesThatAreUsedFromOthers) {
  const CelebaFolder celeba;
  celeba.write(forty_and_one_more());
  std::filesystem::resize_file(celeba.images() / CelebaFolder::image_name(121), 300);
  std::filesystem::remove(celeba.images() / CelebaFolder::image_name(122));
  DataCheck check = check_celeba(celeba.folder());
  EXPECT_THAT(check.problems,
              ElementsAre(problem("000121.jpg", "is damaged: ", true),
                          problem("identity_CelebA.txt:122", "names 000122.jpg, which is", true)));
  EXPECT_TRUE(check.usable());
  std::filesystem::resize_file(celeba.images() / CelebaFolder::image_name(5), 300);
  check = check_celeba(celeba.folder());
  EXPECT_THAT(check.problems.front(), problem("000005.jpg", "is damaged: ", false));
  EXPECT_FALSE(check.usable());
}

TEST(CelebaCheck, ListsAllWrongLines) {
  const CelebaFolder celeba;
  celeba.write(forty_and_one_more());
  celeba.replace("list_attr_celeba.txt", "000007.jpg -1", "000007.jpg -7");
  celeba.replace("identity_CelebA.txt", "000009.jpg 102", "000009.jpg");
  celeba.write_text("list_eval_partition.txt", "000001.jpg 0\n000002.jpg 3\n");
  const DataCheck check = check_celeba(celeba.folder());
  EXPECT_THAT(
      check.problems,
      ElementsAre(problem("list_attr_celeba.txt:9", "attribute 1 is '-7'", false),
                  problem("identity_CelebA.txt:7", "000007.jpg has no line", false),
                  problem("identity_CelebA.txt:9", "is not an image and", false),
                  problem("list_attr_celeba.txt:11", "000009.jpg has no line", false),
                  problem("list_eval_partition.txt:2", "is not an image and 0, 1 or 2", true),
                  problem("list_eval_partition.txt", "has 2 lines for 120 images", true)));
}

TEST(CelebaCheck, SaysWhenIdentitiesAreTooFew) {
  const CelebaFolder celeba;
  celeba.write({3, 3});
  EXPECT_THAT(
      check_celeba(celeba.folder()).problems,
      ElementsAre(problem("identity_CelebA.txt", "has 2 identities; training takes 40", false)));
}

}  // namespace
}  // namespace gradwatt
