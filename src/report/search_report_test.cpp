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

/// A fresh run of this many joules.
SearchCurve fresh_run(double joules, PieceEnd end) {
  SearchCurve fresh;
  fresh.points = {{0, joules, end == PieceEnd::finished ? 0.95 : 0.5, 1}};
  fresh.joules = fresh.spent_j = joules;
  fresh.end = end;
  return fresh;
}

/// The same sentence on one line.
std::string unwrapped(const std::string& text) {
  std::istringstream words(text);
  std::string line;
  for (std::string word; words >> word;) {
    line += (line.empty() ? "" : " ") + word;
  }
  return line;
}

TEST(SearchText, ComparesFreshRunsWithTheirInterval) {
  SearchView view = small_search();
  view.curves[0].confirmed = {fresh_run(50, PieceEnd::finished), fresh_run(52, PieceEnd::finished)};
  view.curves[1].confirmed = {fresh_run(100, PieceEnd::finished),
                              fresh_run(104, PieceEnd::finished)};
  const std::string text = unwrapped(search_text(view));
  EXPECT_THAT(text, HasSubstr("needs ×0.50 [0.44, 0.56] the energy of batch=512 lr=1e-2"));
  EXPECT_THAT(text, HasSubstr("likely saves energy (evidence B)"));
  const auto json = nlohmann::json::parse(search_to_json({view}));
  const auto& ratio = json["repeats"][0]["fresh_ratio"];
  EXPECT_DOUBLE_EQ(ratio["ratio"], 0.5);
  EXPECT_EQ(ratio["says"], "value");
  EXPECT_NEAR(ratio["hi"], 0.563, 0.0005);
  EXPECT_EQ(ratio["evidence"], "B");
}

TEST(SearchText, SaysWhatAFreshRunNeededAtLeastThatWasStopped) {
  SearchView view = small_search();
  view.curves[0].confirmed = {fresh_run(50, PieceEnd::finished), fresh_run(52, PieceEnd::finished)};
  view.curves[1].confirmed = {fresh_run(75, PieceEnd::stopped), fresh_run(75, PieceEnd::stopped)};
  const std::string text = unwrapped(search_text(view));
  EXPECT_THAT(text, HasSubstr("more than 75.0 J (stopped there), more than 75.0 J"));
  EXPECT_THAT(text, HasSubstr("needs at most ×0.68 the energy of batch=512 lr=1e-2"));
  EXPECT_THAT(text, HasSubstr("looked cheaper, without an interval (evidence D)"));
  const auto json = nlohmann::json::parse(search_to_json({view}));
  const auto& repeat = json["repeats"][0];
  EXPECT_EQ(repeat["fresh_ratio"]["says"], "at_most");
  EXPECT_TRUE(repeat["fresh_ratio"]["hi"].is_null());
  EXPECT_TRUE(repeat["setups"][1]["confirmed_j"][0].is_null());
  EXPECT_DOUBLE_EQ(repeat["setups"][1]["confirmed_more_than_j"][0], 75);
  EXPECT_TRUE(repeat["setups"][0]["confirmed_more_than_j"][0].is_null());
}

TEST(SearchText, SaysWhenTheSearchHasPaidForItself) {
  SearchView view = small_search();
  EXPECT_THAT(search_text(view), HasSubstr("break-even: none, the setup found is already"));
  view.rules.default_setup = 1;
  view.outcome = judge_search(view.rules, view.curves);
  EXPECT_THAT(unwrapped(search_text(view)),
              HasSubstr("break-even: unknown, because the default (batch=512 lr=1e-2) was not"));
  view.curves[1].points = {{0, 300, 0.95, 0}};
  view.curves[1].joules = view.curves[1].spent_j = 300;
  view.curves[1].end = PieceEnd::finished;
  view.outcome = judge_search(view.rules, view.curves);
  // 400 J spent: (400 - 300) / (300 - 100) = 0.5.
  EXPECT_THAT(unwrapped(search_text(view)), HasSubstr("after 1 more training with the setup"));
  const auto json = nlohmann::json::parse(search_to_json({view}));
  const auto& answer = json["repeats"][0]["break_even"];
  EXPECT_EQ(answer["status"], "pays_back");
  EXPECT_DOUBLE_EQ(answer["trainings"], 0.5);
  EXPECT_DOUBLE_EQ(answer["default_j"], 300);
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
  EXPECT_TRUE(repeat["fresh_ratio"].is_null());
  EXPECT_EQ(repeat["break_even"]["status"], "already_default");
  EXPECT_TRUE(repeat["break_even"]["trainings"].is_null());
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
