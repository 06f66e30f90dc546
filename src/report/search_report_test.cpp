#include "report/columns.h"
#include "report/search_json.h"
#include "report/search_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>

namespace gradwatt {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Three setups: one reached the goal at 100 J, one was stopped at 60 J, one was never tried.
SearchView small_search() {
  SearchView view;
  view.sweep = "hunt";
  view.rules.strategy = SearchStrategy::sequential_cap;
  view.rules.goal = {"val_acc", 0.9, std::nullopt, false};
  view.rules.epochs_max = 10;
  view.setups = {{{"batch", "64"}, {"lr", "1e-2"}},
                 {{"batch", "512"}, {"lr", "1e-2"}},
                 {{"batch", "512"}, {"lr", "1e-3"}}};
  view.curves.resize(3);
  view.curves[0].points = {{0, 50, 0.5, 0}, {1, 100, 0.95, 0}};
  view.curves[0].joules = view.curves[0].spent_j = 100;
  view.curves[0].end = PieceEnd::finished;
  view.curves[1].points = {{0, 30, 0.2, 0}};
  view.curves[1].joules = view.curves[1].spent_j = 60;
  view.curves[1].end = PieceEnd::stopped;
  view.curves[2].end = PieceEnd::failed;
  view.outcome = judge_search(view.rules, view.curves);
  return view;
}

TEST(SearchText, SaysWhatWasFoundWhatItCostAndHowSureThatIs) {
  const std::string text = search_text(small_search());
  EXPECT_THAT(text, HasSubstr("hunt: sequential-cap chose batch=64 lr=1e-2, which needs 100 J"));
  EXPECT_THAT(text, HasSubstr("BEST: reached the goal at 100 J"));
  EXPECT_THAT(text, HasSubstr("stopped: it had lost"));
  EXPECT_THAT(text, HasSubstr("at most 40 % less"));
  EXPECT_THAT(text, HasSubstr("confirm=2 in [search]"));
  EXPECT_THAT(text, HasSubstr("the search used 160 J"));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(width_of(line), 100U) << line;
  }
}

TEST(SearchText, SaysWhatToDoWhenNothingWasFound) {
  SearchView view = small_search();
  view.rules.goal.reach = 0.99;
  view.curves[0].end = PieceEnd::finished;
  view.outcome = judge_search(view.rules, view.curves);
  const std::string text = search_text(view);
  EXPECT_THAT(text, HasSubstr("found no setup that reaches the goal val_acc ≥ 0.99"));
  EXPECT_THAT(text, HasSubstr("choose a goal that the best metric above reaches"));
  EXPECT_THAT(text, Not(HasSubstr("BEST")));
}

TEST(SearchJson, HasNullForWhatIsNotKnown) {
  const auto json = nlohmann::json::parse(search_to_json({small_search()}));
  EXPECT_EQ(json["schema"], 1);
  EXPECT_EQ(json["strategy"], "sequential-cap");
  const auto& repeat = json["repeats"][0];
  EXPECT_EQ(repeat["end"], "found");
  EXPECT_EQ(repeat["best"]["batch"], "64");
  EXPECT_DOUBLE_EQ(repeat["another_could_save"], 0.4);
  EXPECT_TRUE(repeat["setups"][1]["energy_to_goal_j"].is_null());
  EXPECT_EQ(repeat["setups"][2]["end"], "failed");
  EXPECT_TRUE(repeat["setups"][2]["best_metric"].is_null());
}

TEST(ReplayText, ComparesStrategiesInOneTable) {
  ReplayView view;
  view.source = "t.csv";
  view.goal = {"val_acc", 0.9, false};
  view.setups = small_search().setups;
  ReplaySummary summary{SearchStrategy::joule_halving, {}};
  for (const double spent : {10.0, 30.0}) {
    SearchReplay replay;
    replay.outcome.spent_j = spent;
    replay.outcome.chosen = SearchLeader{1, 9};
    replay.grid_j = 100;
    replay.regret = spent / 1000;
    summary.replays.push_back(replay);
  }
  view.summaries.push_back(summary);
  const std::string text = replay_text(view);
  EXPECT_THAT(text, HasSubstr("20 % (≤ 30 %)"));
  EXPECT_THAT(text, HasSubstr("2.0 % (≤ 3.0 %)"));
  EXPECT_THAT(text, HasSubstr("batch=512 lr=1e-2 2×"));
  const auto json = nlohmann::json::parse(replay_to_json(view));
  EXPECT_DOUBLE_EQ(json["strategies"][0]["share_mean"], 0.2);
  EXPECT_EQ(json["strategies"][0]["repeats"][1]["chosen"]["lr"], "1e-2");
}

}  // namespace
}  // namespace gradwatt
