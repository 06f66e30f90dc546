#include "report/recommendation_text.h"

#include "report/advice_words.h"
#include "report/recommendation_table.h"
#include "report/recommendation_view_test.h"
#include "report/recommendation_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gradwatt {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(RecommendationText, ShowsWhatASweepOfSingleRunsSays) {
  EXPECT_EQ(recommendation_text(example_view()),
            R"(study: energy to reach val_acc ≥ 0.85, kJ, one run per setup

         lr    0.1    0.01   0.001
batch    64  16.00    8.00       ✗
       1024   4.00   ▐2.00▌      –
       4096      ·       ·       ·

energy per epoch, J
         lr   0.1   0.01   0.001
batch    64  2000   2000    2000
       1024   500    500       –
       4096     ·      ·       ·

epochs to reach it
         lr  0.1   0.01   0.001
batch    64    8      4       ✗
       1024    8      4       –
       4096    ·      ·       ·

▐ ▌ best   ✗ goal not reached (after a number: not in every repeat)   – failed   · not run

use batch 1024, lr 0.01: 2.00 kJ
  −88 % against batch 64, lr 0.1: looked cheaper once (evidence D)
      the default (first value of each axis) and the worst to reach it (8 times the energy)
      = energy per epoch ×0.25 (batch) · epochs ×0.50 (lr) · start-up and rest ×1.00

what explains the variation over the grid
  energy per epoch: batch 100.0 % · lr 0.0 %
  epochs to the goal: batch 0.0 % · lr 100.0 %

next
  batch 1024 instead of batch 64 looked cheaper: −75 % energy per epoch, over 2 comparable pairs of
    setups; that is 12.0 kJ in each training (evidence D)
  lr 0.01 instead of lr 0.1 looked cheaper: −50 % epochs to the goal, over 2 comparable pairs of
    setups; that is 8.00 kJ in each training (evidence D)
  stop earlier: 60 % of what runs of batch 1024, lr 0.01 spent came after val_acc was nearly at its
    best (within 0.01); that is 3.00 kJ in each training (evidence D)
  confirm with 3 fresh runs each of batch 1024, lr 0.01 and batch 64, lr 0.1: the best was picked
    from the same runs that describe it, so it looks better than it is; that takes about 75.0 kJ

to know
  evidence: A shown and confirmed by fresh runs · B shown by repeats · C from a model · D not shown
  5 of 9 setups finished once: no interval can be given for them
  3 of 9 setups have no finished run yet: gradwatt sweep continues
)");
}

TEST(RecommendationText, LabelsWhatIsEstimated) {
  RecommendationView view = example_view();
  EXPECT_THAT(recommendation_text(view), Not(HasSubstr("estimated")));
  view.grid.estimated = true;
  EXPECT_THAT(recommendation_text(view), HasSubstr("kJ, estimated, one run"));
}

TEST(RecommendationText, GivesIntervalsAndAStrongerVerbWithRepeats) {
  std::vector<MadeUpPoint> points;
  for (int repeat = 0; repeat < 3; ++repeat) {
    points.push_back({{{"lr", "0.1"}}, 100.0 + repeat, 8, repeat});
    points.push_back({{{"lr", "0.01"}}, 101.0 - repeat, 2, repeat});
  }
  const std::string text = recommendation_text(view_of(points, {{"lr", {"0.1", "0.01"}}}, kValAcc));
  EXPECT_THAT(text, HasSubstr("geometric mean of 3 runs"));
  EXPECT_THAT(text, HasSubstr("−75 % [−76, −75] against lr 0.1: likely saves energy (evidence B)"));
}

/// Repeats of learning rates with about these energies per epoch, all at the goal after five.
std::vector<MadeUpPoint> repeated(const std::vector<std::pair<const char*, double>>& rates,
                                  int first_repeat,
                                  int repeats,
                                  double step_j = 1) {
  std::vector<MadeUpPoint> points;
  for (int repeat = 0; repeat < repeats; ++repeat) {
    for (const auto& [lr, epoch_j] : rates) {
      points.push_back({{{"lr", lr}}, epoch_j + step_j * repeat, 5, first_repeat + repeat});
    }
  }
  return points;
}

const std::vector<GridAxis> kRates{{"lr", {"0.1", "0.01", "0.001"}}};

/// A sweep in which 0.01 looks cheapest and 0.001 costs most, with fresh runs of some.
RecommendationView confirmed_view(const std::vector<std::pair<const char*, double>>& fresh,
                                  int repeats,
                                  const std::vector<std::pair<std::string, std::string>>& used,
                                  double step_j = 1) {
  RecommendationView view =
      view_of(repeated({{"0.1", 100}, {"0.01", 90}, {"0.001", 200}}, 0, 3), kRates, kValAcc);
  const Grid again = view_of(repeated(fresh, 3, repeats, step_j), kRates, kValAcc).grid;
  view.recommendation = recommend(view.grid, used, &again);
  return view;
}

TEST(RecommendationText, SaysThatFreshRunsContradictTheSweep) {
  const std::string text =
      recommendation_text(confirmed_view({{"0.1", 100}, {"0.01", 120}}, 3, {}));
  EXPECT_THAT(text, HasSubstr("use lr 0.1: 505 J in the sweep's own runs\n"));
  EXPECT_THAT(
      text,
      HasSubstr("  fresh runs contradict the sweep: lr 0.01, its cheapest, likely costs 20 % "
                "["));
  EXPECT_THAT(text, HasSubstr("more energy"));
  EXPECT_THAT(text,
              HasSubstr("against lr 0.01: likely saves energy, in fresh runs alone (evidence B)\n"
                        "      the cheapest of the sweep's own runs\n"));
  EXPECT_THAT(text, Not(HasSubstr("tied")));
  EXPECT_THAT(text, Not(HasSubstr(" saves energy, in fresh runs alone (evidence A)")));
  EXPECT_THAT(text, Not(HasSubstr("confirm with")));
}

TEST(RecommendationText, ShowsWhatFreshRunsSayOfEachPair) {
  const std::string text =
      recommendation_text(confirmed_view({{"0.1", 100}, {"0.01", 80}}, 3, {{"lr", "0.01"}}));
  EXPECT_THAT(text, HasSubstr("keep lr 0.01: 455 J\n  it is the default already\n"));
  EXPECT_THAT(text,
              HasSubstr("against lr 0.1: saves energy, in fresh runs alone (evidence A)\n"
                        "      the second of the sweep\n"));
  EXPECT_THAT(text, HasSubstr("against lr 0.001: likely saves energy (evidence B)\n"));
  EXPECT_THAT(text, Not(HasSubstr("fresh runs each")));
}

TEST(RecommendationText, SaysHowManyMoreFreshRunsItTakes) {
  EXPECT_THAT(
      recommendation_text(confirmed_view({{"0.1", 100}, {"0.01", 80}}, 2, {})),
      HasSubstr("make 1 more fresh run each of lr 0.01 and lr 0.1, 3 in all: level A takes 3 "
                "of each"));
  const std::string open =
      recommendation_text(confirmed_view({{"0.1", 100}, {"0.01", 101}}, 3, {}, 6));
  EXPECT_THAT(open, HasSubstr("more fresh runs each of lr 0.01 and lr 0.1,"));
  EXPECT_THAT(open, HasSubstr("the 3 that there are"));
  EXPECT_THAT(recommendation_text(confirmed_view({{"0.1", 100}, {"0.01", 101}}, 3, {})),
              Not(HasSubstr("more fresh run")))
      << "they are within 5 % of each other";
}

TEST(RecommendationText, SaysWhatLookedDearerInOneFreshRun) {
  const std::string text =
      recommendation_text(confirmed_view({{"0.1", 100}, {"0.01", 120}}, 1, {}));
  EXPECT_THAT(
      text,
      HasSubstr("+20 % against lr 0.1: looked dearer once, in fresh runs alone (evidence D)"));
  EXPECT_THAT(text, HasSubstr("these runs show no reason to change the default"));
  EXPECT_THAT(text, HasSubstr("make 2 more fresh runs each"));
}

TEST(RecommendationText, KeepsADefaultThatIsTheBest) {
  const auto view = view_of(
      {{{{"lr", "0.1"}}, 50, 5}, {{{"lr", "0.01"}}, 100, 5}}, {{"lr", {"0.1", "0.01"}}}, kValAcc);
  const std::string text = recommendation_text(view);
  EXPECT_THAT(text,
              HasSubstr("use lr 0.1: 250 J\n  it is the default (first value of each axis) "
                        "already\n  −50 % against lr 0.01: looked cheaper once"));
  EXPECT_THAT(text, Not(HasSubstr("instead of")));
}

TEST(RecommendationText, ShowsOneAxisAsOneRow) {
  const auto view = view_of({{{{"lr", "0.1"}}, 100, 8}, {{{"lr", "0.01"}}, 100, 2}}, {}, kValAcc);
  EXPECT_EQ(grid_tables(view, TableOf::objective).tables, "lr  0.01   0.1\n    ▐200▌  800\n");
}

TEST(RecommendationText, ShowsATableForEachValueOfAThirdAxis) {
  std::vector<MadeUpPoint> points;
  for (const char* optimizer : {"adam", "sgd"}) {
    for (const char* lr : {"0.1", "0.01"}) {
      points.push_back({{{"batch", "64"}, {"lr", lr}, {"optimizer", optimizer}}, 100, 3});
    }
  }
  const std::string tables = grid_tables(view_of(points, {}, kValAcc), TableOf::objective).tables;
  EXPECT_THAT(tables, HasSubstr("optimizer adam\n"));
  EXPECT_THAT(tables, HasSubstr("optimizer sgd\n"));
}

TEST(RecommendationText, MarksARepeatThatMissedTheGoalBesideTheNumber) {
  const auto view = view_of({{{{"lr", "0.1"}}, 100, 8, 0},
                             {{{"lr", "0.1"}}, 100, 0, 1},
                             {{{"lr", "0.01"}}, 100, 2, 0},
                             {{{"lr", "0.01"}}, 100, 2, 1}},
                            {{"lr", {"0.1", "0.01"}}},
                            kValAcc);
  EXPECT_THAT(grid_tables(view, TableOf::objective).tables, HasSubstr("1800✗"));
  EXPECT_THAT(recommendation_text(view), HasSubstr("lr 0.1 reached the goal in 1 of 2 repeats"));
}

TEST(RecommendationText, SaysWhenNothingReachedTheGoal) {
  const auto view = view_of({{{{"lr", "0.1"}}, 100, 0}}, {}, kValAcc);
  EXPECT_THAT(recommendation_text(view),
              HasSubstr("not enough data: no run reached val_acc ≥ 0.85"));
  const auto other = view_of({{{{"lr", "0.1"}}, 100, 0}}, {}, Goal{"f1", 0.5, std::nullopt, false});
  EXPECT_THAT(recommendation_text(other), HasSubstr("no run reported f1"));
}

TEST(RecommendationText, SaysThatItJudgesNoEpochsWithoutAGoal) {
  const auto view =
      view_of({{{{"lr", "0.1"}}, 100, 0}, {{{"lr", "0.01"}}, 50, 0}}, {}, std::nullopt);
  const std::string text = recommendation_text(view);
  EXPECT_THAT(text, HasSubstr("energy per epoch, J, one run per setup\n(no goal"));
  EXPECT_THAT(text, HasSubstr("use lr 0.01: 50.0 J"));
}

TEST(RecommendationText, SaysWhenThereIsNothingToGain) {
  const auto view = view_of({{{{"lr", "0.1"}}, 100, 5}, {{{"lr", "0.01"}}, 99, 5}}, {}, kValAcc);
  EXPECT_THAT(recommendation_text(view), HasSubstr("nothing to gain: no setup saves 5 %"));
}

TEST(RecommendationText, LetsNoNameSteerTheTerminal) {
  const auto view = view_of({{{{"lr\x1b[31m", "0.1\x07"}}, 100, 5}}, {}, kValAcc);
  EXPECT_THAT(recommendation_text(view), Not(HasSubstr("\x1b")));
  EXPECT_THAT(recommendation_text(view), Not(HasSubstr("\x07")));
}

TEST(RecommendationWords, OfValuesFollowTheEvidence) {
  std::vector<MadeUpPoint> points;
  for (const char* lr : {"0.1", "0.01"}) {
    for (int repeat = 0; repeat < 3; ++repeat) {
      const double lr_j = lr == std::string("0.1") ? 1 : 0;
      points.push_back({{{"batch", "64"}, {"lr", lr}}, 200.0 + lr_j + repeat, 5, repeat});
      points.push_back({{{"batch", "256"}, {"lr", lr}}, 100.0 + lr_j + repeat, 5, repeat});
    }
  }
  const auto view =
      view_of(points, {{"batch", {"64", "256"}}, {"lr", {"0.1", "0.01"}}}, std::nullopt);
  for (const Advice& advice : view.recommendation.advice) {
    if (std::holds_alternative<UseValue>(advice.what)) {
      EXPECT_EQ(advice.evidence, Evidence::b);
      EXPECT_THAT(
          advice_words(view, advice),
          HasSubstr("batch 256 instead of batch 64 likely saves energy per epoch: −50 % ["));
      return;
    }
  }
  FAIL() << "no advice on a value";
}

TEST(RecommendationWords, ShowChangesWithATrueMinus) {
  EXPECT_EQ(change_words(0.624, std::nullopt), "−62 %");
  EXPECT_EQ(change_words(0.62, Interval{0.51, 0.70}), "−62 % [−70, −51]");
  EXPECT_EQ(change_words(-0.131, Interval{-0.156, 0.001}), "+13 % [0, +16]");
  EXPECT_EQ(factor_words(0.41), "×0.41");
  EXPECT_EQ(factor_words(12.34), "×12.3");
}

}  // namespace
}  // namespace gradwatt
