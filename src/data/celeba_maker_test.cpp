#include "data/celeba_maker.h"

#include "base/error.h"
#include "base/file.h"
#include "data/celeba.h"
#include "data/celeba_check.h"
#include "data/face_drawing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <numeric>
#include <string>

namespace gradwatt {
namespace {

using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Le;
using testing::MatchesRegex;
using testing::StartsWith;

class CelebaMakerTest : public testing::Test {
 protected:
  CelebaMakerTest() {
    std::string pattern = testing::TempDir() + "gradwatt-faces-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
  }
  ~CelebaMakerTest() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string text(const std::string& name) const {
    return read_text(folder_ / "celeba" / name).value();
  }

  std::filesystem::path folder_;
};

TEST(MadeCelebaCounts, AreThoseOfThePublishedSetAtScaleOne) {
  const auto counts = made_celeba_counts(1);
  EXPECT_EQ(counts.size(), 10'177U);
  EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), 0), 202'599);
  EXPECT_EQ(counts.front(), 35);
  EXPECT_EQ(counts[39], 30);
  EXPECT_THAT(std::vector(counts.begin() + 40, counts.end()), Each(Le(20)));
}

TEST(MadeCelebaCounts, HaveFortyIdentitiesAtAnyScale) {
  for (double scale = 0.001; scale < 0.02; scale *= 1.03) {
    const auto counts = made_celeba_counts(scale);
    ASSERT_GE(counts.size(), 40U);
    EXPECT_GE(counts[39], 8) << scale;
    EXPECT_TRUE(std::is_sorted(counts.rbegin(), counts.rend())) << scale;
    EXPECT_GE(counts.back(), 1) << scale;
    EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), 0),
              std::max(320L, std::lround(202'599 * scale)));
  }
  EXPECT_EQ(made_celeba_counts(0.002).size(), 40U);
  EXPECT_EQ(made_celeba_counts(0.002).front(), 11);
  EXPECT_EQ(made_celeba_counts(0.002).back(), 10);
}

TEST_F(CelebaMakerTest, WritesASetThatIsWholeAndHasThePublishedForm) {
  const MadeData made = make_celeba(folder_, 0.001, 7);
  EXPECT_EQ(made.files, 325);
  const DataCheck check = check_celeba(folder_);
  EXPECT_THAT(check.problems, IsEmpty());
  const CelebaData data = load_celeba({.folder = folder_});
  EXPECT_EQ(data.attribute_names.size(), 40U);
  EXPECT_EQ(data.attribute_names.front(), "5_o_Clock_Shadow");
  EXPECT_EQ(data.attribute_names.back(), "Young");
  EXPECT_EQ(data.train.count() + data.validation.count() + data.test.count(), 320);
  EXPECT_THAT(text("list_attr_celeba.txt"), StartsWith("320\n5_o_Clock_Shadow Arched_Eyebrows "));
  EXPECT_THAT(text("identity_CelebA.txt").substr(0, 13), MatchesRegex("000001.jpg [0-9]+\n?.*"));
  EXPECT_THAT(text("list_eval_partition.txt"), StartsWith("000001.jpg "));
  EXPECT_THAT(text("list_bbox_celeba.txt"),
              StartsWith("320\nimage_id x_1 y_1 width height\n000001.jpg "));
  EXPECT_THAT(text("list_landmarks_align_celeba.txt"), StartsWith("320\nlefteye_x lefteye_y "));
}

TEST_F(CelebaMakerTest, DependsOnTheSeedAlone) {
  const auto table = [&](std::uint64_t seed) {
    const auto place = folder_ / std::to_string(seed);
    (void)make_celeba(place, 0.001, seed);
    const std::string all = read_text(place / "celeba" / "list_attr_celeba.txt").value() +
                            read_text(place / "celeba/img_align_celeba/000077.jpg").value();
    std::filesystem::remove_all(place);
    return all;
  };
  const std::string first = table(1);
  EXPECT_EQ(table(1), first);
  EXPECT_NE(table(2), first);
}

TEST_F(CelebaMakerTest, RefusesScalesThatCannotBe) {
  EXPECT_THROW((void)make_celeba(folder_, 0, 1), UsageError);
  EXPECT_THROW((void)make_celeba(folder_, 11, 1), UsageError);
  EXPECT_THROW((void)make_celeba(folder_, std::nan(""), 1), UsageError);
}

TEST(FacePixels, DifferMoreBetweenPeopleThanBetweenPhotographs) {
  FaceShot shot;
  shot.background = {FaceColour{90, 90, 90}, FaceColour{60, 60, 60}};
  const auto distance = [&](const FaceTraits& a, const FaceTraits& b, const FaceShot& other) {
    const auto left = face_pixels(a, shot, 1);
    const auto right = face_pixels(b, other, 1);
    double sum = 0;
    for (std::size_t i = 0; i < left.size(); ++i) {
      sum += std::abs(left[i] - right[i]);
    }
    return sum / static_cast<double>(left.size());
  };
  FaceShot smiling = shot;
  smiling.attributes[static_cast<std::size_t>(FaceAttribute::smiling)] = true;
  double least = 1000;
  double smile = 0;
  for (int i = 0; i < 10; ++i) {
    const FaceTraits person = face_traits(3, i);
    least = std::min(least, distance(person, face_traits(3, i + 1), shot));
    smile = std::max(smile, distance(person, person, smiling));
  }
  EXPECT_GT(smile, 0.1);
  EXPECT_GT(least, smile);
}

TEST(FaceShots, HaveAttributesThatAgree) {
  using enum FaceAttribute;
  int male_count = 0;
  for (int i = 0; i < 500; ++i) {
    const FaceTraits person = face_traits(5, i);
    const FaceShot shot = face_shot(person, 5, i);
    const int colours =
        shot.has(black_hair) + shot.has(blond_hair) + shot.has(brown_hair) + shot.has(gray_hair);
    EXPECT_LE(colours, 1);
    EXPECT_FALSE(shot.has(bald) && shot.has(bangs));
    EXPECT_FALSE(shot.has(no_beard) && (shot.has(goatee) || shot.has(mustache)));
    EXPECT_FALSE(shot.has(straight_hair) && shot.has(wavy_hair));
    male_count += shot.has(male) ? 1 : 0;
  }
  EXPECT_NEAR(male_count, 210, 45);
}

}  // namespace
}  // namespace gradwatt
