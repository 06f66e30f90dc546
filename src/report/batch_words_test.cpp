#include "report/batch_words.h"

#include "report/recommendation_view_test.h"

#include <gtest/gtest.h>

namespace gradwatt {
namespace {

/// One run a batch size of 64, 128, ...: e(B) = 10 + 640 / B joules, and the epochs given.
RecommendationView view_with(const std::vector<int>& epochs, const std::optional<Goal>& goal) {
  std::vector<MadeUpPoint> points;
  int batch = 64;
  for (const int reaches_at : epochs) {
    points.push_back({{{"batch", std::to_string(batch)}}, 10 + 640.0 / batch, reaches_at});
    batch *= 2;
  }
  return view_of(points, {}, goal);
}

const char* lack_of_view(const RecommendationView& view) {
  return name_of(batch_lack(view.grid, view.recommendation.batch).value());
}

TEST(BatchWords, SayWhereBatchesAreCheapest) {
  // N(B) = 1 + B / 64.
  const auto view = view_with({2, 3, 5, 9}, kValAcc);
  EXPECT_EQ(batch_words(view),
            "batch, by a model: below 64 an epoch's steps cost more than its samples; from 64 on, "
            "twice as large needs up to twice the epochs; cheapest at about 64");
  EXPECT_FALSE(batch_lack(view.grid, view.recommendation.batch).has_value());
}

TEST(BatchWords, SayWhatIsNotIdentifiable) {
  const auto view = view_with({3, 2, 3, 2}, kValAcc);
  EXPECT_EQ(
      batch_words(view),
      "batch, by a model: below 64 an epoch's steps cost more than its samples; from where on "
      "larger ones need more epochs is not identifiable from these runs");
  EXPECT_STREQ(lack_of_view(view), "not_identifiable");
}

TEST(BatchWords, AreOfTheCostAloneWhereEpochsAreNotKnown) {
  const auto reached_twice = view_with({2, 3, 0, 0}, kValAcc);
  EXPECT_EQ(batch_words(reached_twice),
            "batch, by a model: below 64 an epoch's steps cost more than its samples");
  EXPECT_STREQ(lack_of_view(reached_twice), "too_few_reached");
  EXPECT_STREQ(lack_of_view(view_with({2, 3, 5}, std::nullopt)), "no_goal");
}

TEST(BatchWords, AreNoneForTwoBatchSizes) {
  const auto view = view_with({2, 3}, kValAcc);
  EXPECT_EQ(batch_words(view), "");
  EXPECT_STREQ(lack_of_view(view), "too_few_batches");
}

}  // namespace
}  // namespace gradwatt
