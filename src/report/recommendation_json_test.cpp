#include "report/recommendation_json.h"

#include "report/recommendation_view_test.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace gradwatt {
namespace {

using Json = nlohmann::json;

TEST(RecommendationJson, HasWhatScriptsRelyOn) {
  const Json answer = Json::parse(recommendation_to_json(example_view()));
  EXPECT_EQ(answer["schema"], 1);
  EXPECT_EQ(answer["verdict"], "use_best");
  EXPECT_EQ(answer["best"], (Json{{"batch", "1024"}, {"lr", "0.01"}}));
  EXPECT_EQ(answer["worst"], (Json{{"batch", "64"}, {"lr", "0.1"}}));
  EXPECT_TRUE(answer["tied"].empty());
  EXPECT_DOUBLE_EQ(answer["worst_to_best"].get<double>(), 8);
  EXPECT_DOUBLE_EQ(answer["saving_vs_default"]["value"].get<double>(), 0.875);
  EXPECT_TRUE(answer["saving_vs_default"]["lo"].is_null());
  EXPECT_TRUE(answer["saving_vs_worst"]["hi"].is_null());
  EXPECT_EQ(answer["evidence"], "D");
  EXPECT_DOUBLE_EQ(answer["goal"]["threshold"].get<double>(), 0.85);
}

TEST(RecommendationJson, SplitsTheSavingExactly) {
  const Json answer = Json::parse(recommendation_to_json(example_view()));
  const Json& split = answer["split"]["vs_default"];
  EXPECT_EQ(split["energy_per_epoch"]["axis"], "batch");
  EXPECT_EQ(split["epochs"]["axis"], "lr");
  EXPECT_NEAR(split["energy_per_epoch"]["value"].get<double>() *
                  split["epochs"]["value"].get<double>() * split["rest"]["value"].get<double>(),
              split["ratio"].get<double>(),
              1e-12);
}

TEST(RecommendationJson, ListsEveryCellWithItsStatus) {
  const Json answer = Json::parse(recommendation_to_json(example_view()));
  ASSERT_EQ(answer["cells"].size(), 9U);
  const Json& reached = answer["cells"][0];
  EXPECT_EQ(reached["status"], "measured");
  EXPECT_EQ(reached["n"], 1);
  EXPECT_EQ(reached["n_reached"], 1);
  EXPECT_DOUBLE_EQ(reached["energy_per_epoch_j"].get<double>(), 2000);
  EXPECT_NEAR(reached["epochs_to_goal"].get<double>(), 8, 1e-12);
  EXPECT_NEAR(reached["energy_to_goal_j"].get<double>(), 16000, 1e-8);
  EXPECT_EQ(answer["cells"][2]["status"], "not_reached");
  EXPECT_TRUE(answer["cells"][2]["energy_to_goal_j"].is_null());
  EXPECT_EQ(answer["cells"][5]["status"], "failed");
  EXPECT_EQ(answer["cells"][8]["status"], "not_run");
  EXPECT_TRUE(answer["cells"][8]["energy_per_epoch_j"].is_null());
}

TEST(RecommendationJson, TracesAdviceToItsRuns) {
  const Json answer = Json::parse(recommendation_to_json(example_view()));
  ASSERT_EQ(answer["advice"].size(), 5U);
  for (const Json& advice : answer["advice"]) {
    EXPECT_FALSE(advice["rule"].get<std::string>().empty());
    EXPECT_FALSE(advice["text"].get<std::string>().empty());
    EXPECT_FALSE(advice["runs"].empty());
  }
  EXPECT_EQ(answer["advice"][0]["rule"], "use-setup");
  EXPECT_EQ(answer["advice"][2]["saving"]["of"], "epochs_to_goal");
}

TEST(RecommendationJson, SaysZeroWhenTheDefaultIsTheBest) {
  const auto view = view_of(
      {{{{"lr", "0.1"}}, 50, 5}, {{{"lr", "0.01"}}, 100, 5}}, {{"lr", {"0.1", "0.01"}}}, kValAcc);
  const Json answer = Json::parse(recommendation_to_json(view));
  EXPECT_EQ(answer["saving_vs_default"]["value"], 0.0);
  EXPECT_DOUBLE_EQ(answer["saving_vs_worst"]["value"].get<double>(), 0.5);
  EXPECT_EQ(answer["advice"][0]["rule"], "keep-setup");
  EXPECT_EQ(
      answer["advice"][0]["text"],
      "keep lr 0.1: it is the best; against lr 0.01, the worst, it looked cheaper once: −50 % "
      "energy to the goal");
  EXPECT_TRUE(answer["advice"][0]["saved"].is_null()) << "nobody would save it";
  EXPECT_TRUE(answer["overruled"].is_null());
}

TEST(RecommendationJson, SaysWhichChoiceFreshRunsOverruled) {
  const std::vector<GridAxis> axes{{"lr", {"0.1", "0.01"}}};
  std::vector<MadeUpPoint> points;
  std::vector<MadeUpPoint> again;
  for (int repeat = 0; repeat < 3; ++repeat) {
    points.push_back({{{"lr", "0.1"}}, 100.0 + repeat, 5, repeat});
    points.push_back({{{"lr", "0.01"}}, 90.0 + repeat, 5, repeat});
    again.push_back({{{"lr", "0.1"}}, 100.0 + repeat, 5, 3 + repeat});
    again.push_back({{{"lr", "0.01"}}, 120.0 + repeat, 5, 3 + repeat});
  }
  RecommendationView view = view_of(points, axes, kValAcc);
  const Grid fresh = view_of(again, axes, kValAcc).grid;
  view.recommendation = recommend(view.grid, {}, &fresh);
  const Json answer = Json::parse(recommendation_to_json(view));
  EXPECT_EQ(answer["best"]["lr"], "0.1");
  EXPECT_EQ(answer["overruled"]["saving"]["against"]["lr"], "0.01");
  EXPECT_EQ(answer["overruled"]["saving"]["evidence"], "B");
  EXPECT_GT(answer["overruled"]["saving"]["lo"].get<double>(), 0);
  EXPECT_EQ(answer["confirmed"].size(), 1U);
  EXPECT_TRUE(answer["tied"].empty());
}

TEST(RecommendationJson, SaysWhatTheBatchModelLacks) {
  const auto lacks = [](const RecommendationView& view) {
    return Json::parse(recommendation_to_json(view))["batch_model_lacks"];
  };
  EXPECT_EQ(lacks(example_view()), "too_few_batches");
  EXPECT_EQ(lacks(view_of({{{{"lr", "0.1"}}, 50, 5}}, {}, kValAcc)), "no_batch_axis");
}

TEST(RecommendationJson, SaysNullForWhatIsNotKnown) {
  const Json answer = Json::parse(recommendation_to_json(view_of({}, {}, kValAcc)));
  EXPECT_EQ(answer["verdict"], "not_enough_data");
  EXPECT_EQ(answer["why"], "nothing_finished");
  for (const char* field :
       {"best", "worst", "worst_to_best", "saving_vs_worst", "saving_vs_default", "evidence"}) {
    EXPECT_TRUE(answer[field].is_null()) << field;
  }
}

}  // namespace
}  // namespace gradwatt
