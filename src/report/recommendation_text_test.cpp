#include "report/recommendation_text.h"

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
  batch 1024 instead of batch 64 makes epochs cheaper: −75 % energy per epoch, over 2 comparable
    pairs of setups; that is 12.0 kJ in each training (evidence D)
  lr 0.01 instead of lr 0.1 makes epochs fewer: −50 % epochs to the goal, over 2 comparable pairs of
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

TEST(RecommendationWords, ShowChangesWithATrueMinus) {
  EXPECT_EQ(change_words(0.624, std::nullopt), "−62 %");
  EXPECT_EQ(change_words(0.62, Interval{0.51, 0.70}), "−62 % [−70, −51]");
  EXPECT_EQ(change_words(-0.131, Interval{-0.156, 0.001}), "+13 % [0, +16]");
  EXPECT_EQ(factor_words(0.41), "×0.41");
  EXPECT_EQ(factor_words(12.34), "×12.3");
}

}  // namespace
}  // namespace gradwatt
